/* str: questions about characters, and changes of case, called by name. */

#include "int.h"
#include "method_arguments.h"
#include "str_case.h"
#include "str_class.h"

#define QUESTION(name, function)                   \
    METHOD(str, name) {                            \
        EXPECT("str." #name, 0, 0);                \
        return bool_object(function((Str *)self)); \
    }

QUESTION(isdigit, CPyStr_IsDigit)
QUESTION(isalnum, CPyStr_IsAlnum)
QUESTION(isspace, CPyStr_IsSpace)
QUESTION(isalpha, str_is_alpha)
QUESTION(isdecimal, str_is_decimal)
QUESTION(isnumeric, str_is_numeric)
QUESTION(isprintable, str_is_printable)
QUESTION(islower, str_is_lower)
QUESTION(isupper, str_is_upper)
QUESTION(istitle, str_is_title)
QUESTION(isascii, str_is_ascii)
QUESTION(isidentifier, str_is_identifier)

#define CHANGE(name, function)                   \
    METHOD(str, name) {                          \
        EXPECT("str." #name, 0, 0);              \
        return (Object *)function((Str *)self);  \
    }

CHANGE(lower, CPyStr_Lower)
CHANGE(upper, CPyStr_Upper)
CHANGE(casefold, str_casefold)
CHANGE(title, str_title)
CHANGE(capitalize, str_capitalize)
CHANGE(swapcase, str_swapcase)
