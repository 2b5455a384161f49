/* Reading a pattern: what its parts share. */

#ifndef MIXER2_REGEX_PARSER_H
#define MIXER2_REGEX_PARSER_H

#include "regex_source.h"
#include "regex_writer.h"

/* As CPython's `re` numbers them. */
enum {
    IGNORECASE = 2,
    LOCALE = 4,
    MULTILINE = 8,
    DOTALL = 16,
    UNICODE = 32,
    VERBOSE = 64,
    ASCII = 256,
    TYPE_FLAGS = LOCALE | UNICODE | ASCII,
};

typedef enum PartKind { PART_NONE, PART_ASSERTION, PART_REPEAT, PART_OTHER } PartKind;

/* A part of the pattern that has been written. */
typedef struct Part {
    PartKind kind;
    uint32_t start; /* in the program */
    bool can_be_empty;
    bool is_anchored; /* matches at the beginning of the text or nowhere */
} Part;

typedef struct Parser {
    Source source;
    Writer writer;
    Object *names; /* a list: of each group, "" when it has none */
    uint32_t flags; /* of the whole pattern */
    uint32_t nested;
} Parser;

static inline bool is_one_of(Token token, const char *characters) {
    for (; *characters; characters++)
        if (token == (uint8_t)*characters) return true;
    return false;
}

/* Reads a part that has no parts of its own: its first token is `token`, at `start`. */
void regex_read_simple(Parser *parser, Part *part, Token token, uint32_t start, uint32_t flags);

/* The flag that a letter stands for, or 0. */
uint32_t regex_flag_of(Token token);

/* Reads flags in a group, the first of which is `token`. False: they are for the whole pattern. */
bool regex_read_flags(Parser *parser, Token token, uint32_t *flags);

#endif
