/* None. */

#include "none.h"

#include "generic.h"
#include "str.h"

static Object *none_repr(Object *self) {
    (void)self;
    return (Object *)str_from_c("None");
}

static int none_truth(Object *self) {
    (void)self;
    return 0;
}

Type NoneType_Type = {
    .head = STATIC_HEAD(&PyType_Type),
    .name = "NoneType",
    .base = &PyBaseObject_Type,
    .repr = none_repr,
    .str = none_repr,
    .hash = object_identity_hash,
    .truth = none_truth,
};

Object _Py_NoneStruct = STATIC_HEAD(&NoneType_Type);
