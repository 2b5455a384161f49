/* Iterators over dict and, because it is a table too, set. */

#ifndef MIXER2_DICT_ITERATOR_H
#define MIXER2_DICT_ITERATOR_H

#include "dict.h"

typedef struct TableIterator {
    Object head;
    Table *table;      /* NULL: exhausted */
    int64_t size;      /* of the table when the iteration began; -1 once it changed */
    int64_t remaining; /* more entries than these: keys were exchanged */
    uint32_t position;
} TableIterator;

extern Type DictKeyIterator_Type;
extern Type DictValueIterator_Type;
extern Type DictItemIterator_Type;
extern Type DictReverseKeyIterator_Type;

Object *dict_iterator_new(const Type *type, Object *dict);
Object *dict_reverse_iterator_new(Object *dict);
/* The next entry, borrowed; NULL at the end or with RuntimeError. */
Entry *table_iterator_step(TableIterator *iterator, const char *size_complaint);

#endif
