/* The sites that an exception passed, and the text that shows them. */

#ifndef MIXER2_TRACEBACK_H
#define MIXER2_TRACEBACK_H

#include "str.h"

typedef struct Site {
    const Scope *scope;
    uint32_t line;
} Site;

typedef struct Traceback {
    Object head;
    uint32_t count;
    Site sites[]; /* innermost first */
} Traceback;

/* The text of an exception and of what led to it, as CPython prints it, without source lines. */
Str *native__pal__failure__describe(Object *exception);

#endif
