/* Linear memory: the allocator, and how objects come and go.

   Laws: every byte that a program uses beyond its static data comes from here. A request that the
   host cannot satisfy raises MemoryError where it can be foreseen, and traps elsewhere. `live_objects` counts the blocks in use, so a
   program that frees what it takes shows the same number before and after. */

#ifndef MIXER2_MEMORY_H
#define MIXER2_MEMORY_H

#include "object.h"

/* The largest size of one block, and so of one object. */
#define MEMORY_LIMIT 0x7ffffff0u

/* Never NULL; aligned to 8 bytes; not zeroed. */
void *mixer2_alloc(size_t size);

/* Freed blocks of up to MEMORY_SMALL bytes with their headers, by size in steps of 8. */
#define MEMORY_HEADER 4u
#define MEMORY_SMALL 256u
typedef struct FreeBlock {
    struct FreeBlock *next;
} FreeBlock;
extern FreeBlock *free_lists[];
extern uint32_t blocks_in_use;

/* A freed block of the size, not counted yet; NULL without one. */
static inline void *take_small(size_t size) {
    if (size > MEMORY_SMALL - MEMORY_HEADER) return NULL;
    FreeBlock **list = &free_lists[((uint32_t)size + MEMORY_HEADER + 7) / 8];
    FreeBlock *block = *list;
    if (block) *list = block->next;
    return block;
}

/* mixer2_alloc where it must be fast. */
static inline void *alloc_here(size_t size) {
    void *block = take_small(size);
    if (!block) return mixer2_alloc(size);
    blocks_in_use++;
    return block;
}

/* The same; NULL when there is no memory. */
void *mixer2_try_alloc(size_t size);

/* Memory can run out: the host allows a module so much. Operations whose result may be large ask
   first, and so does what grows one by one; small blocks then come from a reserve, so that a program
   can handle its MemoryError. Both raise it when they answer false. */

/* Whether a block of `size` bytes can be had. */
bool memory_for(uint64_t size);

/* Whether the reserve is whole, or can be made so. */
static inline bool memory_left(void);

/* NULL is allowed. */
void mixer2_free(void *block);

/* Grows or shrinks; NULL allocates. The block may move. */
void *mixer2_realloc(void *block, size_t size);

/* Bytes that fit into a block without moving it: at least what was asked for. */
size_t mixer2_capacity(const void *block);

/* Blocks in use. */
uint32_t live_objects(void);

/* Set while small blocks come from the reserve. */
extern bool memory_is_short;

/* Makes the reserve whole again, or sees that enough was freed; false: there is no memory. */
bool memory_refill(void);

/* Raises MemoryError; false. */
bool memory_error(void);

static inline bool memory_left(void) {
    return __builtin_expect(!memory_is_short, true) || memory_refill() || memory_error();
}

/* Where the reserve is used up, too: a trap. */
_Noreturn void out_of_memory(void);

/* Where static data ends and the heap begins; the linker says. */
extern unsigned char __heap_base;

/* Part of the module, and never freed. Emitted code does not count the references that it takes to
   such an object, only those that it drops: its count sinks. */
static inline bool is_static(const void *object) {
    return (uintptr_t)object < (uintptr_t)&__heap_base;
}

/* Called when a reference count falls to zero. Structures of any depth are freed with bounded stack. */
void mixer2_dealloc(Object *object);

/* The same for what refers to others, and for static objects. */
void dealloc_object(Object *object);

/* A zeroed instance with one reference. */
Object *instance_new(const Type *type);

/* The same for what a program makes one by one: NULL with MemoryError when there is no memory. */
Object *instance_new_or_fail(const Type *type);

/* Type.dealloc of classes: releases the fields that the type and its bases list. */
void instance_dealloc(Object *self);

/* Releases these fields, and leaves them empty. */
void instance_release(Object *self);

/* Type.dealloc of objects that refer to nothing. */
void leaf_dealloc(Object *self);

void *memcpy(void *restrict to, const void *restrict from, size_t size);
void *memmove(void *to, const void *from, size_t size);
void *memset(void *to, int byte, size_t size);
int memcmp(const void *left, const void *right, size_t size);
/* Whether they are equal; quicker for short texts. */
bool equal_bytes(const char *left, const char *right, size_t size);
size_t strlen(const char *text);

#endif
