/* The allocator, over a heap that only grows.

   A block is a 4-byte header and a payload aligned to 8. Up to 32 KiB, blocks come in size classes: steps
   of 8 bytes up to 256, then four steps per power of two, so that at most a fifth is slack. A freed one
   waits in its class's list for the next request of that class: fast, and never merged. Larger blocks come
   in units of 4 KiB; freed ones are merged with their free neighbours and split again, because held bodies
   have any size, and one list per size would keep the peak of each. */

#include "memory.h"

#define HEADER_SIZE MEMORY_HEADER
#define SMALL_LIMIT MEMORY_SMALL
#define SMALL_CLASSES (SMALL_LIMIT / 8)
#define CLASS_LIMIT 32768u /* 2 ** 15: four classes for each power of two above 2 ** 8 */
#define CLASSES (SMALL_CLASSES + 4 * (15 - 8) + 1)
#define LARGE_UNIT 4096u
#define PAGE_SIZE 65536u
#define RESERVE_SIZE 65536u
#define FREED_BLOCKS 256u /* so many less than when the reserve was touched are enough to go on */

/* The header of a block tells its class, or, from CLASS_LIMIT on, its size. */
typedef uint32_t Header;

FreeBlock *free_lists[CLASSES];
static FreeBlock *free_large; /* by address */
uint32_t blocks_in_use;
static uintptr_t heap_top;
static uintptr_t heap_end;
static FreeBlock *reserve; /* a large block that is in no list; NULL: being used */
bool memory_is_short;
static uint32_t blocks_when_short;

static Header *header_of(const void *block) { return (Header *)((uintptr_t)block - HEADER_SIZE); }

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
    heap_end = (pages + extra) * PAGE_SIZE;
    return true;
}

/* Headers lie 4 below a multiple of 8. */
static uintptr_t first_header(uintptr_t from) { return (from + HEADER_SIZE + 7) / 8 * 8 - HEADER_SIZE; }

/* Behind `from`, which is the end of memory or lies before it. */
static bool grow_from(uintptr_t from, uint32_t size) {
    uint64_t needed = (uint64_t)from + size;
    uint32_t pages = __builtin_wasm_memory_size(0);
    uint32_t missing = (uint32_t)((needed + PAGE_SIZE - 1) / PAGE_SIZE) - pages;
    /* Growing by an eighth keeps the number of growths logarithmic. */
    uint32_t ahead = pages / 8;
    if (!grow_by(pages, missing > ahead ? missing : ahead) && !grow_by(pages, missing)) return false;
    heap_top = from;
    return true;
}

__attribute__((noinline)) static bool heap_grow(uint32_t size) {
    uintptr_t memory_end = __builtin_wasm_memory_size(0) * PAGE_SIZE;
    /* While the reserve is being used the heap's end is not that of memory. */
    if (heap_top) return grow_from(heap_end == memory_end ? heap_top : first_header(memory_end), size);
    heap_top = first_header((uintptr_t)&__heap_base);
    heap_end = memory_end;
    uint32_t wanted = size + RESERVE_SIZE;
    bool fits = heap_top + wanted <= heap_end || grow_from(heap_top, wanted);
    if (!fits) return heap_top + size <= heap_end || grow_from(heap_top, size);
    reserve = (FreeBlock *)(heap_top + HEADER_SIZE);
    *header_of(reserve) = RESERVE_SIZE;
    heap_top += RESERVE_SIZE;
    return true;
}

/* From the untouched end of the heap; NULL when the host has no more. */
__attribute__((noinline)) static void *alloc_fresh(uint32_t size, Header header) {
    if ((!heap_top || heap_end - heap_top < size) && !heap_grow(size)) return NULL;
    *(Header *)heap_top = header;
    void *block = (void *)(heap_top + HEADER_SIZE);
    heap_top += size;
    return block;
}

/* The smallest free block of at least `size` bytes. */
static FreeBlock **find_large(uint32_t size) {
    FreeBlock **best = NULL;
    for (FreeBlock **link = &free_large; *link; link = &(*link)->next) {
        Header found = *header_of(*link);
        if (found >= size && (!best || found < *header_of(*best))) best = link;
    }
    return best;
}

__attribute__((noinline)) static void *alloc_large(uint32_t total) {
    uint32_t size = (total + LARGE_UNIT - 1) / LARGE_UNIT * LARGE_UNIT;
    FreeBlock **link = find_large(size);
    if (!link) return alloc_fresh(size, size);
    FreeBlock *block = *link;
    uint32_t rest = *header_of(block) - size;
    if (rest < CLASS_LIMIT) {
        *link = block->next;
        return block;
    }
    /* The front stays free, and in the list where it is. */
    *header_of(block) = rest;
    void *tail = (char *)block + rest;
    *header_of(tail) = size;
    return tail;
}

static bool are_adjacent(const FreeBlock *block, const FreeBlock *next) {
    return (uintptr_t)block + *header_of(block) == (uintptr_t)next;
}

static void merge_with_next(FreeBlock *block) {
    FreeBlock *next = block->next;
    if (!next || !are_adjacent(block, next)) return;
    *header_of(block) += *header_of(next);
    block->next = next->next;
}

__attribute__((noinline)) static void free_large_block(FreeBlock *block) {
    FreeBlock *previous = NULL, *next = free_large;
    while (next && next < block) {
        previous = next;
        next = next->next;
    }
    block->next = next;
    merge_with_next(block);
    if (!previous) {
        free_large = block;
        return;
    }
    previous->next = block;
    merge_with_next(previous);
}

__attribute__((noinline)) static void *alloc(size_t size) {
    if (size > MEMORY_LIMIT) return NULL;
    uint32_t total = (uint32_t)size + HEADER_SIZE;
    if (total >= CLASS_LIMIT) return alloc_large(total);
    uint32_t class = class_of(total);
    FreeBlock *block = free_lists[class];
    if (!block) return alloc_fresh(size_of_class(class), class);
    free_lists[class] = block->next;
    return block;
}

/* The reserve becomes the end of the heap. */
__attribute__((cold, noinline)) static void *alloc_from_reserve(size_t size) {
    if (!reserve || size > RESERVE_SIZE / 2) out_of_memory();
    heap_top = (uintptr_t)header_of(reserve);
    heap_end = heap_top + RESERVE_SIZE;
    reserve = NULL;
    memory_is_short = true;
    blocks_when_short = blocks_in_use;
    return alloc(size);
}

bool memory_refill(void) {
    FreeBlock *block = alloc_large(RESERVE_SIZE);
    /* What was freed may be small blocks, which make no large one. */
    if (!block) return blocks_in_use + FREED_BLOCKS < blocks_when_short;
    reserve = block;
    memory_is_short = false;
    return true;
}

void *mixer2_alloc(size_t size) {
    void *block = take_small(size);
    if (!block) block = alloc(size);
    if (!block) block = alloc_from_reserve(size);
    blocks_in_use++;
    return block;
}

void *mixer2_try_alloc(size_t size) {
    void *block = take_small(size);
    if (!block) block = alloc(size);
    if (block) blocks_in_use++;
    return block;
}

static inline void give_back(void *block) {
    blocks_in_use--;
    Header header = *header_of(block);
    if (header >= CLASS_LIMIT) {
        free_large_block(block);
        return;
    }
    ((FreeBlock *)block)->next = free_lists[header];
    free_lists[header] = block;
}

void mixer2_free(void *block) {
    if (block) give_back(block);
}

void leaf_dealloc(Object *self) { mixer2_free(self); }

void mixer2_dealloc(Object *object) {
    if (object->type->dealloc == leaf_dealloc && !is_static(object))
        give_back(object);
    else
        dealloc_object(object);
}

size_t mixer2_capacity(const void *block) {
    Header header = *header_of(block);
    return (header >= CLASS_LIMIT ? header : size_of_class(header)) - HEADER_SIZE;
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
