/* An allocator that catches misuse, in place of memory.c: for tests (build.py --checked).

   Every block is followed by a guard that must be whole when the block is freed; a freed block is filled
   and never used again, so that whoever still holds it reads nonsense; what is freed must be in use. Any
   fault traps. */

#include "hostcall.h"
#include "memory.h"

/* Where the module runs natively under AddressSanitizer (build.py --watched), the host forbids every
   access to what is in no block in use: then a fault is found when it happens, reads too. */
#ifdef WATCHED
IMPORT(mixer2_forbid)(const void *start, uint32_t size);
IMPORT(mixer2_allow)(const void *start, uint32_t size);
#else
static void mixer2_forbid(const void *start, uint32_t size) { (void)start, (void)size; }
static void mixer2_allow(const void *start, uint32_t size) { (void)start, (void)size; }
#endif

#define PAGE_SIZE 65536u
#define GUARD_SIZE 8u
#define IN_USE 0x5a5eb10cu
#define FREED 0xdeadb10cu
#define NEW_FILL 0xcd
#define GUARD_FILL 0xa5
#define FREED_FILL 0xdd

typedef struct Header {
    uint32_t size;
    uint32_t state;
} Header;

bool memory_is_short;
uint32_t blocks_in_use;
/* Always empty. */
FreeBlock *free_lists[MEMORY_SMALL / 8 + 1];
static uintptr_t heap_top;
static uintptr_t heap_end;

_Noreturn void out_of_memory(void) { __builtin_trap(); }

/* Nothing is given out again here, so there is no reserve. */
bool memory_refill(void) { return true; }

static Header *header_of(const void *block) { return (Header *)block - 1; }

static uint32_t rounded(uint32_t size) { return (size + 7) / 8 * 8; }

static unsigned char *guard_of(const void *block, uint32_t *size) {
    uint32_t used = header_of(block)->size;
    *size = rounded(used) + GUARD_SIZE - used;
    return (unsigned char *)block + used;
}

static void check(const void *block) {
    uint32_t size;
    const unsigned char *guard = guard_of(block, &size);
    if (header_of(block)->state != IN_USE) __builtin_trap();
    mixer2_allow(guard, size);
    for (uint32_t i = 0; i < size; i++)
        if (guard[i] != GUARD_FILL) __builtin_trap();
}

static bool reserve(uint32_t size) {
    if (!heap_top) {
        heap_top = rounded((uint32_t)(uintptr_t)&__heap_base);
        heap_end = (uintptr_t)__builtin_wasm_memory_size(0) * PAGE_SIZE;
        mixer2_forbid((void *)heap_top, heap_end - heap_top);
    }
    if (heap_end - heap_top >= size) return true;
    uint32_t pages = size / PAGE_SIZE + 16;
    if (__builtin_wasm_memory_grow(0, pages) == (size_t)-1) return false;
    mixer2_forbid((void *)heap_end, pages * PAGE_SIZE);
    heap_end += pages * PAGE_SIZE;
    return true;
}

void *mixer2_try_alloc(size_t size) {
    if (size > MEMORY_LIMIT) return NULL;
    uint32_t total = (uint32_t)sizeof(Header) + rounded((uint32_t)size) + GUARD_SIZE;
    if (!reserve(total)) return NULL;
    Header *header = (Header *)heap_top;
    heap_top += total;
    mixer2_allow(header, total);
    *header = (Header){(uint32_t)size, IN_USE};
    blocks_in_use++;
    memset(header + 1, NEW_FILL, size);
    uint32_t guard_size;
    unsigned char *guard = guard_of(header + 1, &guard_size);
    memset(guard, GUARD_FILL, guard_size);
    mixer2_forbid(guard, guard_size);
    return header + 1;
}

void *mixer2_alloc(size_t size) {
    void *block = mixer2_try_alloc(size);
    if (!block) out_of_memory();
    return block;
}

void mixer2_free(void *block) {
    if (!block) return;
    check(block);
    header_of(block)->state = FREED;
    memset(block, FREED_FILL, header_of(block)->size);
    mixer2_forbid(block, rounded(header_of(block)->size) + GUARD_SIZE);
    blocks_in_use--;
}

size_t mixer2_capacity(const void *block) { return header_of(block)->size; }

/* Always moves: whoever kept the old address reads nonsense. */
void *mixer2_realloc(void *block, size_t size) {
    void *moved = mixer2_alloc(size);
    if (!block) return moved;
    uint32_t old = header_of(block)->size;
    memcpy(moved, block, old < size ? old : size);
    mixer2_free(block);
    return moved;
}

uint32_t live_objects(void) { return blocks_in_use; }

void leaf_dealloc(Object *self) { mixer2_free(self); }

void mixer2_dealloc(Object *object) { dealloc_object(object); }
