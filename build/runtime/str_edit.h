/* Text from text: splitting, joining, stripping, replacing. */

#ifndef MIXER2_STR_EDIT_H
#define MIXER2_STR_EDIT_H

#include "str.h"

/* Lists of str. `separator` NULL or None: white space; `limit` negative: none. */
Object *CPyStr_Split(Str *text, Str *separator, Tagged limit);
Object *CPyStr_RSplit(Str *text, Str *separator, Tagged limit);
Object *PyUnicode_Split(Str *text, Str *separator, int limit);
Object *PyUnicode_RSplit(Str *text, Str *separator, int limit);
Object *PyUnicode_Splitlines(Str *text, int keep_ends);

/* Tuples of three. */
Object *PyUnicode_Partition(Str *text, Str *separator);
Object *PyUnicode_RPartition(Str *text, Str *separator);

/* NULL with TypeError: an item is no str. */
Str *PyUnicode_Join(Str *separator, Object *parts);

/* As above for a list or a tuple: without the code that other iterables need. */
Str *str_join_sequence(const Str *separator, Object *sequence);

/* `characters` NULL or None: white space. */
Str *CPyStr_Strip(Str *text, Str *characters);
Str *CPyStr_LStrip(Str *text, Str *characters);
Str *CPyStr_RStrip(Str *text, Str *characters);

Str *CPyStr_Removeprefix(Str *text, Str *prefix);
Str *CPyStr_Removesuffix(Str *text, Str *suffix);

/* `limit` negative: none. */
Str *CPyStr_Replace(Str *text, Str *old, Str *new, Tagged limit);
Str *PyUnicode_Replace(Str *text, Str *old, Str *new, int limit);

#endif
