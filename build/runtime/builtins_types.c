/* Built-in types called by way of the module `builtins`. Each has its own function, so that a
   program carries the constructors that it names; a type as a value is called by its slot. */

#include "builtins.h"
#include "bytes.h"
#include "bytes_slots.h"
#include "create.h"
#include "dict.h"
#include "float.h"
#include "int.h"
#include "iterator_tools.h"
#include "list.h"
#include "range.h"
#include "set.h"
#include "slice.h"
#include "str.h"
#include "str_slots.h"
#include "tuple.h"

/* Not by way of BUILTIN: `bool` is a macro, and would be expanded. */
#define BUILTIN_TYPE(name, create, type)                                                      \
    Object *builtin__##name(Object *callee UNUSED, Object *const *args, int64_t count,        \
                            Tuple *names) {                                                   \
        return create(&type, args, count, names);                                             \
    }

BUILTIN_TYPE(bool, bool_create, PyBool_Type)
BUILTIN_TYPE(bytes, bytes_create_slot, PyBytes_Type)
BUILTIN_TYPE(dict, dict_create, PyDict_Type)
BUILTIN_TYPE(enumerate, enumerate_create, PyEnum_Type)
BUILTIN_TYPE(filter, filter_create, PyFilter_Type)
BUILTIN_TYPE(float, float_create, PyFloat_Type)
BUILTIN_TYPE(frozenset, set_create, PyFrozenSet_Type)
BUILTIN_TYPE(int, int_create, PyLong_Type)
BUILTIN_TYPE(list, list_create, PyList_Type)
BUILTIN_TYPE(map, map_create, PyMap_Type)
BUILTIN_TYPE(range, range_create, PyRange_Type)
BUILTIN_TYPE(set, set_create, PySet_Type)
BUILTIN_TYPE(slice, slice_create, PySlice_Type)
BUILTIN_TYPE(str, str_create_slot, PyUnicode_Type)
BUILTIN_TYPE(tuple, tuple_create, PyTuple_Type)
BUILTIN_TYPE(zip, zip_create, PyZip_Type)
