/* The allocator: free lists by size class over a heap that only grows.

   A block is a 4-byte header that holds its class, and a payload aligned to 8. Blocks up to 256
   bytes come in steps of 8, larger ones in four steps per power of two, so at most a fifth of a
   block is slack. A freed block waits in its class's list for the next request of that class. */

#include "memory.h"

#define HEADER_SIZE 4u
#define SMALL_LIMIT 256u
#define SMALL_CLASSES (SMALL_LIMIT / 8)
#define CLASSES (SMALL_CLASSES + 4 * 23 + 1)
#define PAGE_SIZE 65536u

typedef struct FreeBlock {
    struct FreeBlock *next;
} FreeBlock;

static FreeBlock *free_lists[CLASSES];
static uint32_t blocks_in_use;
static uintptr_t heap_top;
static uintptr_t heap_end;

static uint32_t *header_of(const void *block) {
    return (uint32_t *)((uintptr_t)block - HEADER_SIZE);
}

static uint32_t class_of(uint32_t total) {
    if (total <= SMALL_LIMIT) return (total + 7) / 8;
    uint32_t shift = 29 - (uint32_t)__builtin_clz(total - 1);
    return SMALL_CLASSES + 1 + (shift - 6) * 4 + (((total - 1) >> shift) - 4);
}

static uint32_t size_of_class(uint32_t class) {
    if (class <= SMALL_CLASSES) return class * 8;
    uint32_t step = class - SMALL_CLASSES - 1;
    return (5 + step % 4) << (6 + step / 4);
}

_Noreturn __attribute__((cold, noinline)) void out_of_memory(void) { __builtin_trap(); }

static bool grow_by(uint32_t pages, uint32_t extra) {
    /* One page short of 4 GiB, so that heap_end fits. */
    if (pages + extra > 65535) return false;
    if (__builtin_wasm_memory_grow(0, extra) == (size_t)-1) return false;
    heap_end += extra * PAGE_SIZE;
    return true;
}

__attribute__((noinline)) static void heap_grow(uint32_t size) {
    if (!heap_top) {
        /* Headers lie 4 below a multiple of 8. */
        heap_top = ((uintptr_t)&__heap_base + HEADER_SIZE + 7) / 8 * 8 - HEADER_SIZE;
        heap_end = (uintptr_t)__builtin_wasm_memory_size(0) * PAGE_SIZE;
        if (heap_top <= heap_end && heap_end - heap_top >= size) return;
    }
    uint64_t needed = (uint64_t)heap_top + size;
    uint32_t pages = heap_end / PAGE_SIZE;
    uint32_t missing = (uint32_t)((needed + PAGE_SIZE - 1) / PAGE_SIZE) - pages;
    /* Growing by an eighth keeps the number of growths logarithmic. */
    uint32_t ahead = pages / 8;
    if (!grow_by(pages, missing > ahead ? missing : ahead) && !grow_by(pages, missing)) out_of_memory();
}

__attribute__((noinline)) static void *alloc_fresh(uint32_t class) {
    uint32_t size = size_of_class(class);
    if (!heap_top || heap_end - heap_top < size) heap_grow(size);
    *(uint32_t *)heap_top = class;
    void *block = (void *)(heap_top + HEADER_SIZE);
    heap_top += size;
    return block;
}

void *mixer2_alloc(size_t size) {
    if (size > MEMORY_LIMIT) out_of_memory();
    uint32_t class = class_of((uint32_t)size + HEADER_SIZE);
    blocks_in_use++;
    FreeBlock *block = free_lists[class];
    if (!block) return alloc_fresh(class);
    free_lists[class] = block->next;
    return block;
}

void mixer2_free(void *block) {
    if (!block) return;
    FreeBlock **list = &free_lists[*header_of(block)];
    ((FreeBlock *)block)->next = *list;
    *list = block;
    blocks_in_use--;
}

size_t mixer2_capacity(const void *block) {
    return size_of_class(*header_of(block)) - HEADER_SIZE;
}

void *mixer2_realloc(void *block, size_t size) {
    if (!block) return mixer2_alloc(size);
    size_t capacity = mixer2_capacity(block);
    if (size <= capacity) return block;
    void *moved = mixer2_alloc(size);
    memcpy(moved, block, capacity);
    mixer2_free(block);
    return moved;
}

uint32_t live_objects(void) { return blocks_in_use; }
