/* Functions as values. The compiler knows the layout (mixer2/compiler/layout.py). */

#ifndef MIXER2_FUNCTION_H
#define MIXER2_FUNCTION_H

#include "generic.h"

typedef struct Function {
    Object head;
    Call call;        /* the function under the boxed convention; its callee argument is unused */
    const char *name;
} Function;

extern Type function_Type;

#endif
