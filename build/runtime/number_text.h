/* Text that int() and float() read. */

#ifndef MIXER2_NUMBER_TEXT_H
#define MIXER2_NUMBER_TEXT_H

#include "str.h"

/* A new reference: the text with every decimal digit and space beyond ASCII as the ASCII one, and
   everything else beyond ASCII as a question mark, which no number has. */
Str *number_text(Str *text);

#endif
