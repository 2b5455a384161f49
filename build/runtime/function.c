/* Functions as values: static objects that the compiler lays out, one per function so used. */

#include "function.h"

#include "errors.h"
#include "memory.h"
#include "none.h"

static Object *function_call(Object *self, Object *const *args, int64_t count,
                             Tuple *keyword_names) {
    return ((Function *)self)->call(self, args, count, keyword_names);
}

Type function_Type = {
    .head = STATIC_HEAD(&PyType_Type),
    .name = "function",
    .base = &PyBaseObject_Type,
    .instance_size = sizeof(Function),
    .dealloc = instance_dealloc,
    .hash = object_identity_hash,
    .call = function_call,
};
