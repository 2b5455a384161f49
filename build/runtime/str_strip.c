/* Taking characters off the ends. */

#include "none.h"
#include "str_edit.h"
#include "str.h"
#include "unicode_table.h"
#include "utf8.h"

enum { LEFT = 1, RIGHT = 2 };

/* What goes: the code points of `characters`, or white space when that is NULL or None. */
static bool goes(uint32_t code_point, const Str *characters) {
    if (!characters) return unicode_is_space(code_point);
    const char *place = characters->data, *end = characters->data + characters->var.size;
    while (place < end)
        if (utf8_next(&place) == code_point) return true;
    return false;
}

static Str *strip(Str *text, Str *characters, int sides) {
    if ((Object *)characters == NONE) characters = NULL;
    const char *start = text->data, *end = text->data + text->var.size;
    while (sides & LEFT && start < end) {
        const char *behind = start;
        if (!goes(utf8_next(&behind), characters)) break;
        start = behind;
    }
    while (sides & RIGHT && start < end) {
        const char *before = end;
        if (!goes(utf8_previous(&before), characters)) break;
        end = before;
    }
    return str_slice_bytes(text, (uint32_t)(start - text->data), (uint32_t)(end - text->data));
}

Str *CPyStr_Strip(Str *text, Str *characters) { return strip(text, characters, LEFT | RIGHT); }

Str *CPyStr_LStrip(Str *text, Str *characters) { return strip(text, characters, LEFT); }

Str *CPyStr_RStrip(Str *text, Str *characters) { return strip(text, characters, RIGHT); }
