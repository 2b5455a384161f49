/* Writing the program of a regular expression, part by part, while its pattern is read.

   A part that turns out to be repeated, or to be one of several alternatives, is taken back and
   written again behind what that needs; its jumps lead to places in itself or right behind it. */

#ifndef MIXER2_REGEX_WRITER_H
#define MIXER2_REGEX_WRITER_H

#include "bytes.h"
#include "regex.h"

#define UNLIMITED UINT32_MAX
#define NO_JUMP UINT32_MAX

typedef struct Writer {
    uint32_t *words;
    uint32_t size;
    bool is_too_large; /* nothing is written any more */
} Writer;

void regex_emit(Writer *writer, uint32_t word);
void regex_emit_pair(Writer *writer, RegexOp op, uint32_t operand);

/* Of the set at `place`: it has another pair. */
void regex_add_range(Writer *writer, uint32_t place, uint32_t first, uint32_t last);

/* The part from `start` on is one of several alternatives, and was not the last. Returns the end of
   the list of jumps to behind them all, which `jumps` was. */
uint32_t regex_end_alternative(Writer *writer, uint32_t start, uint32_t jumps);

/* All jumps of a list lead here. */
void regex_land(Writer *writer, uint32_t jumps);

/* Repeats the part from `start` on. `can_be_empty`: it can match nothing. */
void regex_repeat(Writer *writer, uint32_t start, uint32_t least, uint32_t most, bool is_lazy,
                  bool can_be_empty);

/* The program, and the writer's memory given back; NULL when it is too large. */
Bytes *regex_finish(Writer *writer, uint32_t groups, uint32_t flags);

#endif
