/* The one letter whose small form depends on its place: a capital sigma ends a word as U+03C2. */

#ifndef MIXER2_STR_SIGMA_H
#define MIXER2_STR_SIGMA_H

#include "str.h"

#define CAPITAL_SIGMA 0x3a3u
#define FINAL_SIGMA 0x3c2u

/* Whether the capital sigma at `place` ends a word: it is behind a cased letter and not before one,
   where case-ignorable characters do not count. Source: Unicode, table 3-17, Final_Sigma.

   Cased are letters with a counterpart of the other case; case-ignorable those characters that stand
   in Greek words: marks, apostrophes, dots, the soft hyphen. CPython knows some more of both. */
bool sigma_is_final(const Str *text, const char *place);

#endif
