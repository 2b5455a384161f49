/* What kind of characters a text is made of. */

#ifndef MIXER2_STR_CLASS_H
#define MIXER2_STR_CLASS_H

#include "str.h"

char CPyStr_IsDigit(Str *text);
char CPyStr_IsAlnum(Str *text);
char CPyStr_IsSpace(Str *text);
char str_is_alpha(Str *text);
char str_is_decimal(Str *text);
char str_is_identifier(Str *text);
char str_is_numeric(Str *text);
char str_is_printable(Str *text);
char str_is_lower(Str *text);
char str_is_upper(Str *text);
char str_is_title(Str *text);

#endif
