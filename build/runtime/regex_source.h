/* The characters of a pattern: a backslash and what follows it are one token. */

#ifndef MIXER2_REGEX_SOURCE_H
#define MIXER2_REGEX_SOURCE_H

#include "builder.h"

/* A code point, ESCAPED when a backslash stands before it. */
typedef uint32_t Token;
#define ESCAPED 0x80000000u
#define NO_TOKEN 0x40000000u /* the end */
#define NO_CHARACTER UINT32_MAX

#define NOT_LINEAR "matching would not take linear time"

/* A place in a pattern. Once something was refused it is at its end, and what else is refused then
   does not count. */
typedef struct Source {
    uint32_t *characters;
    uint32_t size;
    uint32_t behind; /* behind `next` */
    Token next;
    bool is_text;
    bool is_refused;
    uint32_t refused_at;
    Str *refusal; /* NULL with MemoryError when there was no memory for it */
} Source;

void source_open(Source *source, const Object *pattern);

/* Gives back the characters; the refusal is the caller's. */
void source_close(Source *source);

/* Where `next` is. */
uint32_t source_place(const Source *source);

/* Back to a place that was passed. */
void source_go_to(Source *source, uint32_t place);

/* `next`, and go behind it. */
Token source_get(Source *source);

/* Go behind `token` if it is here. */
bool source_skip(Source *source, Token token);

/* Adds the characters from one place to another to a message; quoted: their repr. */
void source_show(const Source *source, Builder *message, uint32_t from, uint32_t to);
void source_show_quoted(const Source *source, Builder *message, uint32_t from, uint32_t to);

/* Refuses the pattern for what is at `place`; % in the message stands for what is from there to
   here. */
void source_refuse(Source *source, uint32_t place, const char *message);

/* The same with a message that was built, which is spent. */
void source_refuse_with(Source *source, uint32_t place, Builder *message);

/* The name of a group, up to `>`; NULL when it was refused. */
Str *source_group_name(Source *source);

/* The character that an escape stands for, which starts at `start` and was passed; more of it may
   follow. */
uint32_t source_escape(Source *source, Token escape, uint32_t start);
uint32_t source_set_escape(Source *source, Token escape, uint32_t start);

/* Whether it is an ASCII letter. */
static inline bool is_letter_token(Token token) { return (token | 0x20) - 'a' < 26; }

/* Whether it is a letter of any script. */
bool is_alphabetic_token(Token token);

static inline bool is_digit_token(Token token) { return token - '0' < 10; }

#endif
