/* Unpacking an iterator. An error that the iterator raised is not hidden. */

#include "errors.h"
#include "generic.h"
#include "int.h"
#include "none.h"

/* The item that should not be there, or what stands for one when the iterator raised; NULL: the end. */
Object *unpacking_end(Object *iterator) {
    Object *item = PyIter_Next(iterator);
    return item || !error_pending() ? item : none_new_reference();
}

char raise_too_many_values(int32_t expected) {
    if (error_pending()) return false;
    raise_formatted(&Exc_ValueError_Type, "too many values to unpack (expected %d)", (int64_t)expected);
    return false;
}

/* `got`: a tagged count beyond `taken`. */
char raise_too_few_values(int32_t expected, Tagged got, int32_t taken, int32_t has_star) {
    if (error_pending()) return false;
    raise_formatted(&Exc_ValueError_Type, "not enough values to unpack (expected %s%d, got %d)",
                    has_star ? "at least " : "", (int64_t)expected, tagged_value(got) + taken);
    return false;
}
