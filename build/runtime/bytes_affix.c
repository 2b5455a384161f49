/* What bytes start and end with. */

#include "bytes.h"

int CPyBytes_Startswith(Bytes *bytes, Bytes *prefix) {
    return prefix->var.size <= bytes->var.size &&
           memcmp(bytes->data, prefix->data, (size_t)prefix->var.size) == 0;
}

int CPyBytes_Endswith(Bytes *bytes, Bytes *suffix) {
    int64_t start = bytes->var.size - suffix->var.size;
    return start >= 0 && memcmp(bytes->data + start, suffix->data, (size_t)suffix->var.size) == 0;
}
