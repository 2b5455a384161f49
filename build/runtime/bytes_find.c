/* Finding bytes in bytes. */

#include "bytes_find.h"

#include "bytearray.h"
#include "errors.h"
#include "int.h"

bool bytes_argument(Object *argument, Span *data) {
    if (bytes_like(argument, data)) return true;
    raise_formatted(&Exc_TypeError_Type, "a bytes-like object is required, not '%T'", argument);
    return false;
}

bool bytes_or_byte_argument(Object *argument, Span *data, char *byte) {
    if (bytes_like(argument, data)) return true;
    if (!is_int(argument)) {
        raise_formatted(&Exc_TypeError_Type,
                        "argument should be integer or bytes-like object, not '%T'", argument);
        return false;
    }
    int64_t value = int_value(argument);
    if (value < 0 || value > 255) {
        raise_standard_error(&Exc_ValueError_Type, "byte must be in range(0, 256)");
        return false;
    }
    *byte = (char)value;
    *data = (Span){byte, 1};
    return true;
}

bool bytes_part(Span whole, int64_t start, int64_t end, Span *part) {
    clip_bounds(&start, &end, whole.size);
    if (start > end) return false;
    *part = (Span){whole.data + start, (uint32_t)(end - start)};
    return true;
}
