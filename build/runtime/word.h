/* Bytes looked at by words, wherever they lie. */

#ifndef MIXER2_WORD_H
#define MIXER2_WORD_H

#include <stdint.h>

typedef uint64_t Word __attribute__((aligned(1), may_alias));
typedef uint32_t HalfWord __attribute__((aligned(1), may_alias));

/* Of the bytes of a word: set in those beyond ASCII. */
#define HIGH_BITS UINT64_C(0x8080808080808080)

#endif
