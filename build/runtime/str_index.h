/* Indexing and slicing of text by code points. */

#ifndef MIXER2_STR_INDEX_H
#define MIXER2_STR_INDEX_H

#include "str.h"

/* The byte offset of a code point's index, 0 <= index <= length. */
uint32_t str_offset(const Str *text, int64_t index);

/* The code point with this index, 0 <= index < length. */
uint32_t str_code_point(const Str *text, int64_t index);

/* text[index] as a code point; TAGGED_ERROR with IndexError. */
Tagged str_character(Str *text, int64_t index);

/* The text of a code point. */
Str *str_of_character(Tagged character);

Str *CPyStr_GetItem(Str *text, Tagged index);
Str *CPyStr_GetSlice(Str *text, Tagged start, Tagged end);

/* chr(code_point) */
Str *builtin_chr(Tagged code_point);

/* text[start:end] with 0 <= start, 0 <= end; more than the length is the length. */
Str *PyUnicode_Substring(Str *text, Py_ssize_t start, Py_ssize_t end);

#endif
