/* Which plugin context a stream is of, where contexts of streams are not kept: part of pal.roots for
   compiled plugins, which explains it. */

#include "host_buffer.h"
#include "hostcall.h"
#include "none.h"
#include "registry.h"
#include "str.h"

IMPORT(proxy_set_effective_context)(uint32_t context_id);
IMPORT(proxy_get_property)(const char *path, uint32_t path_size, char **value, uint32_t *value_size);
IMPORT(proxy_call_foreign_function)(const char *name, uint32_t name_size, const char *arguments,
                                    uint32_t size, char **result, uint32_t *result_size);

#define PLUGIN_NAME "plugin_name"
#define EXPR_CREATE "expr_create"
#define EXPR_EVALUATE "expr_evaluate"
#define SIZE_OF(literal) (sizeof literal - 1)

enum { MOST_DIGITS = 10, MOST_NAMED = 16, MOST_UNASKED = 128 };

/* The plugin context whose streams find no expression. */
static uint32_t unmarked;

/* What tells plugin contexts apart: a hash of the name. Two names of one hash are as two of one name. */
static struct Named {
    uint32_t number;
    uint32_t hash;
} named[MOST_NAMED];

/* Whether there was a plugin context without a place or a name: then a name tells nothing. */
static bool is_one_unnamed;

/* Callbacks since there is another plugin context, while there are several. */
static uint32_t sought;

/* That of the current plugin's name; 0 when it has none. */
static uint32_t hash_of_name(void) {
    char *name = NULL;
    uint32_t size = 0, hash = 0;
    if (proxy_get_property(PLUGIN_NAME, SIZE_OF(PLUGIN_NAME), &name, &size) == STATUS_OK && name)
        hash = hash_of_bytes(name, size);
    host_buffer_discard();
    return hash;
}

/* The place of a plugin context, or a free one for number 0; NULL when there is none. */
static struct Named *place_of(uint32_t number) {
    for (uint32_t i = 0; i < MOST_NAMED; i++)
        if (named[i].number == number) return &named[i];
    return NULL;
}

/* The plugin context of the current plugin's name; 0 when that does not tell. */
static uint32_t number_by_name(void) {
    uint32_t hash = is_one_unnamed ? 0 : hash_of_name(), found = 0;
    for (uint32_t i = 0; hash && i < MOST_NAMED; i++) {
        if (!named[i].number || named[i].hash != hash) continue;
        if (found) return 0;
        found = named[i].number;
    }
    return found;
}

static void create_expression(uint32_t number) {
    char digits[MOST_DIGITS], *first = digits + MOST_DIGITS, *data = NULL;
    uint32_t size = 0;
    for (; number; number /= 10) *--first = (char)('0' + number % 10);
    proxy_call_foreign_function(EXPR_CREATE, SIZE_OF(EXPR_CREATE), first,
                                (uint32_t)(digits + MOST_DIGITS - first), &data, &size);
    host_buffer_discard();
}

/* The value of the first expression, which is a number of 8 bytes; `unmarked` without one. */
static uint32_t evaluate_expression(void) {
    static const uint32_t token = 0;
    char *found = NULL;
    uint32_t size = 0, number = unmarked;
    uint32_t status = proxy_call_foreign_function(EXPR_EVALUATE, SIZE_OF(EXPR_EVALUATE), (const char *)&token,
                                                  sizeof token, &found, &size);
    if (status == STATUS_OK && found && size >= sizeof number) __builtin_memcpy(&number, found, sizeof number);
    host_buffer_discard();
    return number;
}

static void note_name(uint32_t number) {
    struct Named *place = place_of(0);
    uint32_t hash = hash_of_name();
    if (place && hash) *place = (struct Named){number, hash};
    else is_one_unnamed = true;
}

char native__pal__roots___mark(Tagged root_id) {
    uint32_t number = WORD(root_id), first = registry_plugin_after(0);
    sought = 0;
    if (!first) {
        unmarked = number;
        return 1;
    }
    /* It was alone until now, when a name told nothing. */
    if (first == unmarked && !place_of(first)) {
        proxy_set_effective_context(first);
        note_name(first);
        proxy_set_effective_context(number);
    }
    note_name(number);
    create_expression(number);
    return 1;
}

char native__pal__roots___forget_gone(Tagged context_id) {
    uint32_t number = registry_plugin_after(0);
    if (!number) return 1;
    for (; number; number = registry_plugin_after(number))
        if (proxy_set_effective_context(number) == STATUS_BAD_ARGUMENT) {
            struct Named *place = place_of(number);
            if (place) place->number = 0;
            native__pal__registry__discard(tagged_from(number));
        }
    proxy_set_effective_context(WORD(context_id));
    return 1;
}

Object *native__pal__roots___sought(Tagged context_id) {
    sought++;
    if (!(sought & (sought - 1))) {
        native__pal__roots___forget_gone(context_id);
        if (sought == 2 * MOST_UNASKED) sought = MOST_UNASKED;
    }
    Object *only = native__pal__registry__only_plugin();
    if (only != NONE) return only;
    uint32_t number = number_by_name();
    return native__pal__registry__plugin(tagged_from(number ? number : evaluate_expression()));
}
