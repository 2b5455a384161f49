/* Regular expressions: programs that regex_writer.c writes, and for patterns that are known when a
   filter is compiled mixer2/compiler/library/_regex_program.py.

   A program is little-endian 32-bit words: REGEX_HEADER words, then instructions. */

#ifndef MIXER2_REGEX_H
#define MIXER2_REGEX_H

#include "object.h"

/* Words of the header. */
enum {
    REGEX_SLOTS,   /* two for the whole match, two for each group, one for the last group */
    REGEX_DEPTH,   /* how deep loops are nested whose body can match nothing */
    REGEX_THREADS, /* states that can wait for a character at one place, at most */
    REGEX_FLAGS,
    REGEX_FIRST, /* eight words: the bytes that a match can start with, a bit each */
    REGEX_HEADER = REGEX_FIRST + 8,
};

enum {
    REGEX_ANCHORED = 1, /* matches at the beginning of the text or nowhere */
    REGEX_STARTS = 2,   /* REGEX_FIRST is known, and no match is empty */
    REGEX_TEXT = 4,     /* for str; otherwise for bytes */
};

/* Instructions, with the words that follow. */
typedef enum RegexOp {
    OP_MATCH,
    OP_JUMP,   /* target */
    OP_SPLIT,  /* preferred target, other target */
    OP_SAVE,   /* slot */
    OP_ENTER,  /* depth: an iteration begins whose body can match nothing */
    OP_REPEAT, /* depth, body, tail, lazy: after such an iteration; an empty one is the last */
    OP_ASSERT, /* RegexAssertion */
    OP_CHAR,   /* code point, Fold */
    OP_ANY,    /* whether newlines too */
    OP_SET,    /* negated, Fold, count, then count pairs: first and last, or CATEGORY and which */
    OP_LAST,   /* group: it is the last that was closed */
} RegexOp;

typedef enum RegexAssertion {
    ASSERT_TEXT_START,
    ASSERT_LINE_START,
    ASSERT_TEXT_END,
    ASSERT_LAST_LINE_END, /* at the end, or before a newline there */
    ASSERT_LINE_END,
    ASSERT_BOUNDARY,
    ASSERT_NO_BOUNDARY,
    ASSERT_BOUNDARY_ASCII,
    ASSERT_NO_BOUNDARY_ASCII,
} RegexAssertion;

typedef enum Fold { FOLD_NONE, FOLD_ASCII, FOLD_UNICODE } Fold;

/* In a set, in the place of a first code point: the other word is one of the categories. */
#define CATEGORY 0x110000u

/* Plus 1: all that do not belong. */
typedef enum RegexCategory {
    CATEGORY_DIGIT = 0,
    CATEGORY_SPACE = 2,
    CATEGORY_WORD = 4,
    CATEGORY_DIGIT_ASCII = 6,
    CATEGORY_SPACE_ASCII = 8,
    CATEGORY_WORD_ASCII = 10,
} RegexCategory;

bool regex_is_word(uint32_t code_point, bool ascii);

/* What stands for a character where case does not count. */
uint32_t regex_lower(uint32_t code_point);

/* Whether the instruction at `code`, which is OP_CHAR, OP_ANY or OP_SET, takes a character. */
bool regex_accepts(const uint32_t *code, uint32_t code_point);

/* Words of such an instruction. */
static inline uint32_t regex_width(const uint32_t *code) {
    return *code == OP_CHAR ? 3 : *code == OP_ANY ? 2 : 4 + 2 * code[3];
}

#endif
