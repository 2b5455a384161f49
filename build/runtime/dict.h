/* dict: a table (table.h) with values. */

#ifndef MIXER2_DICT_H
#define MIXER2_DICT_H

#include "table.h"

extern Type PyDict_Type;
extern Type PyDictKeys_Type;
extern Type PyDictValues_Type;
extern Type PyDictItems_Type;

static inline bool is_dict(const Object *object) { return object->type == &PyDict_Type; }

/* The value, borrowed, in *value; NULL when there is none. False on error. */
bool dict_get(Object *dict, Object *key, Object **value);
/* The same where the key is known to be a str; new references, `fallback` may be NULL (keys_str.c). */
Object *dict_get_str(Object *dict, Str *key, Object *fallback);
int dict_set_item_str(Object *dict, Str *key, Object *value);
/* The same, which takes over the references to key and value, also on error. */
int dict_put_str(Object *dict, Str *key, Object *value);
/* The same, which takes over the references to key and value, also on error. */
int dict_put_str(Object *dict, Str *key, Object *value);
int dict_delete_item_str(Object *dict, Str *key);
/* Adds `other`'s items, replacing those with equal keys. */
bool dict_update(Object *dict, Object *other);
/* Adds the items of a dict or of an iterable of pairs. False on error. */
bool dict_update_from_any(Object *dict, Object *source);
/* dict(source, **keywords) and dict.update(...). False on error. */
bool dict_update_from_call(Object *dict, const char *function, Object *const *args, int64_t count,
                           Tuple *names);
/* The value that was removed, owned, in *value; NULL when there was none. False on error. */
bool dict_take(Object *dict, Object *key, Object **value);
/* Two dicts with equal items? -1 on error. */
int dict_equal(Object *left, Object *right);

/* What one step of a loop over a dict gives: C's layout of mypyc's tuples. */
typedef struct DictStep {
    char more;
    Tagged offset;
    Object *item;
} DictStep;

typedef struct DictPairStep {
    char more;
    Tagged offset;
    Object *key;
    Object *value;
} DictPairStep;

Object *PyDict_New(void);
char PyDict_Check(Object *object);
Py_ssize_t PyDict_Size(Object *dict);
Object *PyDict_Copy(Object *dict);
int PyDict_SetItem(Object *dict, Object *key, Object *value);
int PyDict_DelItem(Object *dict, Object *key);
int PyDict_Contains(Object *dict, Object *key);
Object *CPyDict_Build(Py_ssize_t pairs, Object *const *items);
Object *CPyDict_FromAny(Object *source);
Object *CPyDict_GetItem(Object *dict, Object *key);
int CPyDict_SetItem(Object *dict, Object *key, Object *value);
Object *CPyDict_Get(Object *dict, Object *key, Object *fallback);
Object *CPyDict_GetWithNone(Object *dict, Object *key);
Object *CPyDict_SetDefault(Object *dict, Object *key, Object *value);
Object *CPyDict_SetDefaultWithNone(Object *dict, Object *key);
Object *CPyDict_SetDefaultWithEmptyDatatype(Object *dict, Object *key, int kind);
int CPyDict_Update(Object *dict, Object *source);
int CPyDict_UpdateInDisplay(Object *dict, Object *source);
int CPyDict_UpdateFromAny(Object *dict, Object *source);
char CPyDict_Clear(Object *dict);
Object *CPyDict_Copy(Object *dict);
Object *CPyDict_Keys(Object *dict);
Object *CPyDict_Values(Object *dict);
Object *CPyDict_Items(Object *dict);
Object *CPyDict_KeysView(Object *dict);
Object *CPyDict_ValuesView(Object *dict);
Object *CPyDict_ItemsView(Object *dict);
Object *CPyDict_GetKeysIter(Object *dict);
Object *CPyDict_GetValuesIter(Object *dict);
Object *CPyDict_GetItemsIter(Object *dict);
DictStep CPyDict_NextKey(Object *dict, Tagged offset);
DictStep CPyDict_NextValue(Object *dict, Tagged offset);
DictPairStep CPyDict_NextItem(Object *dict, Tagged offset);
char CPyDict_CheckSize(Object *dict, Py_ssize_t size);

#endif
