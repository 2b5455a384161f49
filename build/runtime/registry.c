/* Contexts by the numbers that the proxy gave them: pal.registry for compiled plugins.

   The proxy counts its contexts up, so the low bits of a number are its place in a table, and the
   contexts that live at one time rarely meet there. Those that do are probed linearly: the tables
   are at most half full, and without tombstones. */

#include "registry.h"

#include "int.h"
#include "memory.h"
#include "none.h"
#include "tagged.h"

#define FIRST_CAPACITY 16u

typedef struct Entry {
    uint32_t number;
    Object *context; /* NULL: free */
    uint32_t name;   /* of a plugin context: a hash, or 0 */
} Entry;

typedef struct Contexts {
    Entry *entries;
    uint32_t mask; /* capacity - 1; the capacity is a power of two */
    uint32_t used;
} Contexts;

static Entry nothing;
static Contexts plugins = {.entries = &nothing}, streams = {.entries = &nothing};
/* That of `plugins` while there is only one. */
static Object *only_plugin;
/* By True or False instead of a context: whether they were answered. */
static Contexts refused = {.entries = &nothing};

#define NUMBER(tagged) ((uint32_t)tagged_value(tagged))

__attribute__((noinline)) static Entry *find(const Contexts *contexts, uint32_t number) {
    uint32_t place = number & contexts->mask;
    for (;;) {
        Entry *entry = &contexts->entries[place];
        if (!entry->context || entry->number == number) return entry;
        place = (place + 1) & contexts->mask;
    }
}

static Object *get(const Contexts *contexts, Tagged number) {
    Object *context = find(contexts, NUMBER(number))->context;
    if (!context) return none_new_reference();
    INCREF(context);
    return context;
}

__attribute__((noinline)) static bool grow(Contexts *contexts) {
    Contexts larger = {.used = contexts->used};
    uint32_t capacity = contexts->mask ? 2 * (contexts->mask + 1) : FIRST_CAPACITY;
    if (!memory_for(capacity * sizeof(Entry))) return false;
    larger.entries = mixer2_alloc(capacity * sizeof(Entry));
    memset(larger.entries, 0, capacity * sizeof(Entry));
    larger.mask = capacity - 1;
    for (uint32_t place = 0; place <= contexts->mask; place++) {
        Entry entry = contexts->entries[place];
        if (entry.context) *find(&larger, entry.number) = entry;
    }
    if (contexts->mask) mixer2_free(contexts->entries);
    *contexts = larger;
    return true;
}

/* None, or an error: there is no memory. */
static char add(Contexts *contexts, Tagged number, Object *context) {
    if (2 * contexts->used >= contexts->mask && !grow(contexts)) return BOOL_ERROR;
    Entry *entry = find(contexts, NUMBER(number));
    Object *old = entry->context;
    INCREF(context);
    *entry = (Entry){NUMBER(number), context, 0};
    if (old) DECREF(old);
    else contexts->used++;
    return 1;
}

/* Entries behind the freed one move up when that shortens their way. */
static void close_gap(Contexts *contexts, uint32_t gap) {
    uint32_t mask = contexts->mask;
    for (uint32_t place = (gap + 1) & mask;; place = (place + 1) & mask) {
        Entry entry = contexts->entries[place];
        if (!entry.context) break;
        if (((place - entry.number) & mask) < ((place - gap) & mask)) continue;
        contexts->entries[gap] = entry;
        gap = place;
    }
    contexts->entries[gap].context = NULL;
}

static bool discard(Contexts *contexts, uint32_t number) {
    Entry *entry = find(contexts, number);
    Object *context = entry->context;
    if (!context) return false;
    close_gap(contexts, (uint32_t)(entry - contexts->entries));
    contexts->used--;
    DECREF(context);
    return true;
}

static void clear(Contexts *contexts) {
    Contexts old = *contexts;
    *contexts = (Contexts){.entries = &nothing};
    for (uint32_t place = 0; place <= old.mask; place++) XDECREF(old.entries[place].context);
    if (old.mask) mixer2_free(old.entries);
}

static void find_only_plugin(void) {
    only_plugin = plugins.used == 1 ? find(&plugins, registry_plugin_after(0))->context : NULL;
}

uint32_t registry_plugin_after(uint32_t number) {
    uint32_t next = 0;
    for (uint32_t place = 0; place <= plugins.mask; place++) {
        Entry entry = plugins.entries[place];
        if (entry.context && entry.number > number && (!next || entry.number < next)) next = entry.number;
    }
    return next;
}

bool registry_has_one_plugin(void) { return only_plugin; }

void registry_name_plugin(uint32_t number, uint32_t name) { find(&plugins, number)->name = name; }

uint32_t registry_plugin_named(uint32_t name) {
    uint32_t found = 0;
    for (uint32_t place = 0; name && place <= plugins.mask; place++) {
        Entry entry = plugins.entries[place];
        if (!entry.context || entry.name != name) continue;
        if (found) return 0;
        found = entry.number;
    }
    return found;
}

Object *native__pal__registry__only_plugin(void) {
    Object *plugin = only_plugin;
    if (!plugin) return none_new_reference();
    INCREF(plugin);
    return plugin;
}

Tagged native__pal__registry__plugin_after(Tagged number) {
    return tagged_from(registry_plugin_after(NUMBER(number)));
}

Object *native__pal__registry__plugin(Tagged number) { return get(&plugins, number); }

Object *native__pal__registry__stream(Tagged number) { return get(&streams, number); }

char native__pal__registry__add_plugin(Tagged number, Object *context) {
    char answer = add(&plugins, number, context);
    find_only_plugin();
    return answer;
}

char native__pal__registry__add_stream(Tagged number, Object *context) {
    return add(&streams, number, context);
}

char native__pal__registry__refuse(Tagged number, char answered) {
    return add(&refused, number, (Object *)(answered ? &_Py_TrueStruct : &_Py_FalseStruct));
}

char native__pal__registry__is_refused(Tagged number) {
    return find(&refused, NUMBER(number))->context != NULL;
}

char native__pal__registry__awaits_answer(Tagged number) {
    return find(&refused, NUMBER(number))->context == (Object *)&_Py_FalseStruct;
}

char native__pal__registry__discard(Tagged number) {
    if (!discard(&streams, NUMBER(number)) && discard(&plugins, NUMBER(number))) find_only_plugin();
    if (refused.used) discard(&refused, NUMBER(number));
    return 1;
}

Tagged native__pal__registry__plugin_number(Object *context) {
    for (uint32_t place = 0; place <= plugins.mask; place++)
        if (plugins.entries[place].context == context)
            return tagged_from(plugins.entries[place].number);
    return tagged_from(0);
}

Tagged native__pal__registry__count(void) { return tagged_from(plugins.used + streams.used); }

char native__pal__registry__clear(void) {
    clear(&plugins);
    find_only_plugin();
    clear(&streams);
    clear(&refused);
    return 1;
}
