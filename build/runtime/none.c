/* None, Ellipsis and NotImplemented: one immortal object each. */

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

/* CPython's: fixed, so that programs behave the same from run to run. */
static int64_t none_hash(Object *self) {
    (void)self;
    return 0xfca86420;
}

Type PyNone_Type = {
    .head = {IMMORTAL, &PyType_Type},
    .name = "NoneType",
    .instance_size = sizeof(Object),
    .repr = none_repr,
    .hash = none_hash,
    .truth = none_truth,
};
Object _Py_NoneStruct = {IMMORTAL, &PyNone_Type};

static Object *ellipsis_repr(Object *self) {
    (void)self;
    return (Object *)str_from_c("Ellipsis");
}

Type PyEllipsis_Type = {
    .head = {IMMORTAL, &PyType_Type},
    .name = "ellipsis",
    .instance_size = sizeof(Object),
    .repr = ellipsis_repr,
};
Object _Py_EllipsisObject = {IMMORTAL, &PyEllipsis_Type};

static Object *not_implemented_repr(Object *self) {
    (void)self;
    return (Object *)str_from_c("NotImplemented");
}

Type PyNotImplemented_Type = {
    .head = {IMMORTAL, &PyType_Type},
    .name = "NotImplementedType",
    .instance_size = sizeof(Object),
    .repr = not_implemented_repr,
};
Object _Py_NotImplementedStruct = {IMMORTAL, &PyNotImplemented_Type};
