/* Ellipsis and NotImplemented. */

#include "generic.h"
#include "none.h"
#include "str.h"

static Object *ellipsis_repr(Object *self) {
    (void)self;
    return (Object *)str_from_c("Ellipsis");
}

Type PyEllipsis_Type = {
    .head = STATIC_HEAD(&PyType_Type),
    .name = "ellipsis",
    .base = &PyBaseObject_Type,
    .repr = ellipsis_repr,
    .str = ellipsis_repr,
};
Object _Py_EllipsisObject = STATIC_HEAD(&PyEllipsis_Type);

static Object *not_implemented_repr(Object *self) {
    (void)self;
    return (Object *)str_from_c("NotImplemented");
}

Type PyNotImplemented_Type = {
    .head = STATIC_HEAD(&PyType_Type),
    .name = "NotImplementedType",
    .base = &PyBaseObject_Type,
    .repr = not_implemented_repr,
    .str = not_implemented_repr,
};
Object _Py_NotImplementedStruct = STATIC_HEAD(&PyNotImplemented_Type);
