/* How objects come and go. */

#include "memory.h"

/* Deallocators that run inside one another before the rest waits: some hundred bytes of stack each. */
#define DEALLOC_DEPTH 40

static uint32_t dealloc_depth;
/* Objects without references that wait for their deallocator, linked through `refcount`. */
static Object *deferred;

static void dealloc_now(Object *object) {
    dealloc_depth++;
    object->type->dealloc(object);
    dealloc_depth--;
}

__attribute__((noinline)) static void dealloc_deferred(void) {
    while (deferred) {
        Object *object = deferred;
        deferred = (Object *)(uintptr_t)object->refcount;
        dealloc_now(object);
    }
}

void dealloc_object(Object *object) {
    if (is_static(object)) {
        object->refcount = IMMORTAL;
        return;
    }
    if (dealloc_depth == DEALLOC_DEPTH) {
        object->refcount = (uint32_t)(uintptr_t)deferred;
        deferred = object;
        return;
    }
    dealloc_now(object);
    if (dealloc_depth == 0 && deferred) dealloc_deferred();
}

/* Sizes of objects are multiples of 4. */
static void clear(Object *object, uint32_t size) {
    uint32_t done = 0;
    for (; done + 8 <= size; done += 8) *(uint64_t *)((char *)object + done) = 0;
    if (done < size) *(uint32_t *)((char *)object + done) = 0;
}

static inline Object *make(const Type *type) {
    Object *self = mixer2_alloc(type->instance_size);
    clear(self, type->instance_size);
    self->refcount = 1;
    self->type = type;
    return self;
}

Object *instance_new(const Type *type) { return make(type); }

Object *instance_new_or_fail(const Type *type) { return memory_left() ? make(type) : NULL; }

void instance_release(Object *self) {
    for (const Type *type = self->type; type; type = type->base) {
        const uint16_t *offset = type->references;
        if (!offset) continue;
        for (; *offset; offset++) {
            Object **field = (Object **)((char *)self + *offset);
            Object *value = *field;
            if (!value) continue;
            /* Cleared, because a type may list what its base lists. */
            *field = NULL;
            if (--value->refcount == 0) mixer2_dealloc(value);
        }
    }
}

void instance_dealloc(Object *self) {
    instance_release(self);
    mixer2_free(self);
}

/* A new reference to what is given. */
Object *object_itself(Object *object) {
    INCREF(object);
    return object;
}
