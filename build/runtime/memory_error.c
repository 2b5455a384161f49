/* MemoryError, before it is too late to raise it. */

#include "errors.h"
#include "memory.h"

/* What the reserve can give again and again. */
#define SMALL 16384u

__attribute__((cold, noinline)) bool memory_error(void) {
    raise_standard_error(&Exc_MemoryError_Type, NULL);
    return false;
}

bool memory_for(uint64_t size) {
    if (size < SMALL) return true;
    void *block = size < MEMORY_LIMIT ? mixer2_try_alloc((size_t)size + 64) : NULL;
    if (!block) return memory_error();
    mixer2_free(block);
    return true;
}
