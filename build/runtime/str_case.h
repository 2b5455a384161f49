/* Upper and lower case. */

#ifndef MIXER2_STR_CASE_H
#define MIXER2_STR_CASE_H

#include "str.h"

Str *CPyStr_Lower(Str *text);
Str *CPyStr_Upper(Str *text);
Str *str_casefold(Str *text);
Str *str_title(Str *text);
Str *str_capitalize(Str *text);
Str *str_swapcase(Str *text);

#endif
