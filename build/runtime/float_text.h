/* float: to and from text. */

#ifndef MIXER2_FLOAT_TEXT_H
#define MIXER2_FLOAT_TEXT_H

#include "object.h"

/* Reads a literal as float(text) does, with white space around it. False: it is none. */
bool float_parse(const char *text, int64_t size, double *value);

/* -d.ddde-308 with 17 digits */
#define FLOAT_TEXT_MAX 26

/* Writes repr(value) and returns where it ends. */
char *float_write(char *to, double value);

Object *float_repr(Object *self);
/* float(b"1.5") */
Object *float_from_bytes_literal(Object *bytes);

#endif
