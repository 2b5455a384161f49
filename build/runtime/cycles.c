/* Reference cycles: laws in cycles.h. */

#include "cycles.h"

#include "list.h"
#include "memory.h"
#include "table.h"

/* Instances made between two steps. */
#define STEP_EVERY 128u
/* What one step looks at: candidates, objects in all, and references. Some 50 us. */
#define STEP_CANDIDATES 256u
#define STEP_OBJECTS 1024u
#define STEP_REFERENCES 8192u

/* In the count of an object that is being looked at; its place in the set is in the other bits. */
#define VISITED 0x80000000u

/* Before each tracked instance. */
typedef struct Link {
    struct Link *next;
    struct Link *previous;
} Link;

typedef struct Visited Visited;
struct Visited {
    Object *object;
    uint32_t count;
    uint32_t outside; /* references that do not come from the set */
    Visited *next;    /* living ones whose references are to be looked at */
    bool lives;
    bool opaque;      /* its references are not looked at */
};

typedef struct Set {
    Visited *items;
    uint32_t size;
    uint32_t capacity;
    uint32_t references; /* that may be looked at yet */
    Visited *living;
} Set;

typedef void (*Visit)(Set *set, Object *object);

static Link tracked = {&tracked, &tracked};
static uint32_t made_since_step;

static void append(Link *link) {
    link->previous = tracked.previous;
    link->next = &tracked;
    tracked.previous->next = link;
    tracked.previous = link;
}

static void unlink(Link *link) {
    link->previous->next = link->next;
    link->next->previous = link->previous;
}

static Object *object_of(Link *link) { return (Object *)(link + 1); }

Object *tracked_new(const Type *type) {
    if (!memory_left()) return NULL;
    Link *link = mixer2_alloc(sizeof(Link) + type->instance_size);
    Object *self = object_of(link);
    memset(self, 0, type->instance_size);
    self->refcount = 1;
    self->type = type;
    append(link);
    made_since_step++;
    return self;
}

void tracked_dealloc(Object *self) {
    Link *link = (Link *)self - 1;
    unlink(link);
    instance_release(self);
    mixer2_free(link);
}

/* Whatever an object refers to. */

static void visit_slots(Set *set, const Slot *slots, int64_t count, Visit visit) {
    for (int64_t i = 0; i < count; i++) visit(set, slots[i].object);
}

static void visit_table(Set *set, const Table *table, Visit visit) {
    uint32_t position = 0;
    for (Entry *entry; (entry = table_next(table, &position));) {
        visit(set, entry->key);
        visit(set, entry->value);
    }
}

static void visit_references(Set *set, Object *object, Visit visit) {
    uint32_t flags = object->type->flags;
    if (flags & TYPE_IS_TUPLE) {
        visit_slots(set, ((Tuple *)object)->items, ((VarObject *)object)->size, visit);
    } else if (flags & TYPE_IS_LIST) {
        visit_slots(set, ((List *)object)->items, ((VarObject *)object)->size, visit);
    } else if (flags & TYPE_IS_TABLE) {
        visit_table(set, (Table *)object, visit);
    } else {
        for (const Type *type = object->type; type; type = type->base) {
            const uint16_t *offset = type->references;
            /* The built-in exceptions all list the same. */
            if (type->base && type->base->references == offset) continue;
            for (; offset && *offset; offset++) visit(set, *(Object **)((char *)object + *offset));
        }
    }
}

static uint32_t reference_count(const Object *object) {
    uint32_t flags = object->type->flags;
    if (flags & TYPE_IS_TABLE) return 2 * ((const Table *)object)->used;
    bool has_items = flags & (TYPE_IS_TUPLE | TYPE_IS_LIST);
    return has_items ? (uint32_t)((const VarObject *)object)->size : 1;
}

/* Visits. */

static Visited *found(Set *set, const Object *object) {
    if (!object || is_static(object) || !(object->refcount & VISITED)) return NULL;
    return &set->items[object->refcount & ~VISITED];
}

static void add(Set *set, Object *object) {
    if (!object || is_static(object) || object->refcount & VISITED) return;
    if (set->size == set->capacity) return;
    uint32_t count = object->refcount;
    set->items[set->size] = (Visited){.object = object, .count = count, .outside = count};
    object->refcount = VISITED | set->size++;
}

static void take_off(Set *set, Object *object) {
    Visited *visited = found(set, object);
    if (visited) visited->outside--;
}

static void revive(Set *set, Visited *visited) {
    visited->lives = true;
    visited->next = set->living;
    set->living = visited;
}

static void revive_object(Set *set, Object *object) {
    Visited *visited = found(set, object);
    if (visited && !visited->lives) revive(set, visited);
}

/* The phases. */

/* The candidates go to the end of the list: the next step has others. */
static void add_candidates(Set *set, uint32_t count) {
    while (count-- && set->size < set->capacity && tracked.next != &tracked) {
        Link *link = tracked.next;
        if (object_of(link)->refcount & VISITED) return;
        unlink(link);
        append(link);
        add(set, object_of(link));
    }
}

/* Adds what the set's objects refer to, the near ones first. */
static void expand(Set *set) {
    for (uint32_t i = 0; i < set->size; i++) {
        uint32_t count = reference_count(set->items[i].object);
        if (count > set->references) {
            set->items[i].opaque = true;
            continue;
        }
        set->references -= count;
        visit_references(set, set->items[i].object, add);
    }
}

static void find_outside_references(Set *set) {
    for (uint32_t i = 0; i < set->size; i++)
        if (!set->items[i].opaque) visit_references(set, set->items[i].object, take_off);
}

static void find_living(Set *set) {
    for (uint32_t i = 0; i < set->size; i++)
        if (set->items[i].outside && !set->items[i].lives) revive(set, &set->items[i]);
    for (Visited *visited; (visited = set->living);) {
        set->living = visited->next;
        if (!visited->opaque) visit_references(set, visited->object, revive_object);
    }
}

static void restore_counts(Set *set) {
    for (uint32_t i = 0; i < set->size; i++) {
        Visited *visited = &set->items[i];
        visited->object->refcount = visited->count + !visited->lives;
    }
}

/* Each dead object is held until all are emptied. Every cycle has an instance, which is emptied. */
static void free_dead(Set *set) {
    for (uint32_t i = 0; i < set->size; i++)
        if (!set->items[i].lives) instance_release(set->items[i].object);
    for (uint32_t i = 0; i < set->size; i++)
        if (!set->items[i].lives) DECREF(set->items[i].object);
}

static void collect(uint32_t candidates, uint32_t objects, uint32_t references) {
    uint32_t capacity = live_objects();
    if (capacity > objects) capacity = objects;
    Visited *items = mixer2_try_alloc((size_t)capacity * sizeof(Visited));
    if (!items) return;
    Set set = {.items = items, .capacity = capacity, .references = references};
    add_candidates(&set, candidates);
    expand(&set);
    find_outside_references(&set);
    find_living(&set);
    restore_counts(&set);
    free_dead(&set);
    mixer2_free(items);
}

__attribute__((noinline)) void collect_some_cycles(void) {
    if (made_since_step < STEP_EVERY) return;
    made_since_step = 0;
    collect(STEP_CANDIDATES, STEP_OBJECTS, STEP_REFERENCES);
}

__attribute__((noinline)) void collect_some_cycles__otherwise(void) {}

__attribute__((noinline)) void collect_all_cycles(void) {
    collect(UINT32_MAX, UINT32_MAX, UINT32_MAX);
}

__attribute__((noinline)) void collect_all_cycles__otherwise(void) {}

uint32_t live_objects_exactly(void) {
    collect_all_cycles();
    return live_objects();
}
