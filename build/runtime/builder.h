/* A string that grows while it is written: reprs, messages, tracebacks. */

#ifndef MIXER2_BUILDER_H
#define MIXER2_BUILDER_H

#include "str.h"

typedef struct Builder {
    Str *text;      /* its size and length are set by builder_finish */
    uint32_t size;
    bool failed;    /* no memory: what is added from now on is dropped */
} Builder;

Builder builder_new(void);
void builder_add(Builder *builder, const char *utf8, uint32_t size);
void builder_add_c(Builder *builder, const char *utf8);
void builder_add_str(Builder *builder, const Str *text);
void builder_add_char(Builder *builder, char ascii);
void builder_add_code_point(Builder *builder, uint32_t code_point);
void builder_add_int(Builder *builder, int64_t value);

/* Room for so much more at once; without it builder_finish will fail. */
bool builder_has_room(Builder *builder, uint64_t extra);

/* A new reference, or NULL with MemoryError; the builder is spent. */
Str *builder_finish(Builder *builder);

/* Gives the memory back without a result. */
void builder_abandon(Builder *builder);

#endif
