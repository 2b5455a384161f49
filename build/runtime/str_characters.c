/* list(text) */

#include "list.h"
#include "str.h"
#include "utf8.h"

Object *str_characters(Str *text) {
    if (!memory_for((uint64_t)text->length * sizeof(Slot))) return NULL;
    List *list = list_with_capacity(text->length);
    const char *place = text->data;
    for (uint32_t i = 0; i < text->length; i++)
        list_append_stolen(list, (Object *)str_from_code_point(utf8_next(&place)));
    return (Object *)list;
}
