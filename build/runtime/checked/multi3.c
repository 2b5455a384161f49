/* 128-bit products, which the undefined behaviour sanitizer wants for 64-bit overflow checks. */

#include <stdint.h>

typedef struct Product {
    uint64_t low;
    uint64_t high;
} Product;

/* The name and the convention are compiler-rt's: the result through a pointer, operands in halves. */
void __multi3(Product *product, uint64_t a, uint64_t a_high, uint64_t b, uint64_t b_high);

void __multi3(Product *product, uint64_t a, uint64_t a_high, uint64_t b, uint64_t b_high) {
    uint64_t a0 = (uint32_t)a, a1 = a >> 32, b0 = (uint32_t)b, b1 = b >> 32;
    uint64_t low = a0 * b0;
    uint64_t middle = a1 * b0 + (low >> 32);
    uint64_t rest = a0 * b1 + (uint32_t)middle;
    product->low = rest << 32 | (uint32_t)low;
    product->high = a1 * b1 + (middle >> 32) + (rest >> 32) + a * b_high + a_high * b;
}
