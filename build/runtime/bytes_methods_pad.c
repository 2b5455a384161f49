/* bytes: methods that fill up to a width, called by name. */

#include "bytes.h"
#include "memory.h"
#include "method_arguments.h"

typedef struct Padding {
    int64_t left;
    int64_t right;
    char fill;
} Padding;

/* The width is args[0], the fill byte args[1]. *spare: bytes that lack to the width. */
static bool pad_arguments(const Bytes *bytes, const char *method, Object *const *args,
                          int64_t count, int64_t *spare, char *fill) {
    int64_t width;
    if (!int_argument(args, count, 0, &width)) return false;
    *fill = ' ';
    *spare = width > bytes->var.size ? width - bytes->var.size : 0;
    if (count < 2) return true;
    if (is_bytes(args[1]) && ((Bytes *)args[1])->var.size == 1) {
        *fill = ((Bytes *)args[1])->data[0];
        return true;
    }
    raise_formatted(&Exc_TypeError_Type,
                    "%s() argument 2 must be a byte string of length 1, not %N", method, args[1]);
    return false;
}

static Object *pad(Bytes *bytes, Padding padding) {
    int64_t count = padding.left + padding.right;
    if (count > (int64_t)(MEMORY_LIMIT / 2)) {
        raise_standard_error(&Exc_MemoryError_Type, NULL);
        return NULL;
    }
    if (!count) {
        INCREF(bytes);
        return (Object *)bytes;
    }
    if (!memory_for(sizeof(Bytes) + (uint64_t)(bytes->var.size + count))) return NULL;
    Bytes *padded = bytes_reserve(bytes->var.size + count);
    memset(padded->data, padding.fill, (size_t)padding.left);
    char *end = padded->data + padding.left;
    memcpy(end, bytes->data, (size_t)bytes->var.size);
    memset(end + bytes->var.size, padding.fill, (size_t)padding.right);
    return (Object *)padded;
}

METHOD(bytes, ljust) {
    Padding padding = {0};
    EXPECT("bytes.ljust", 1, 2);
    if (!pad_arguments((Bytes *)self, "ljust", args, count, &padding.right, &padding.fill))
        return NULL;
    return pad((Bytes *)self, padding);
}

METHOD(bytes, rjust) {
    Padding padding = {0};
    EXPECT("bytes.rjust", 1, 2);
    if (!pad_arguments((Bytes *)self, "rjust", args, count, &padding.left, &padding.fill))
        return NULL;
    return pad((Bytes *)self, padding);
}

METHOD(bytes, center) {
    Padding padding = {0};
    int64_t spare;
    EXPECT("bytes.center", 1, 2);
    if (!pad_arguments((Bytes *)self, "center", args, count, &spare, &padding.fill)) return NULL;
    int64_t width = spare + ((Bytes *)self)->var.size;
    padding.left = spare / 2 + (spare & width & 1);
    padding.right = spare - padding.left;
    return pad((Bytes *)self, padding);
}

METHOD(bytes, zfill) {
    Padding padding = {0};
    EXPECT("bytes.zfill", 1, 1);
    if (!pad_arguments((Bytes *)self, "zfill", args, count, &padding.left, &padding.fill))
        return NULL;
    padding.fill = '0';
    Object *filled = pad((Bytes *)self, padding);
    if (!filled || !padding.left) return filled;
    char *data = ((Bytes *)filled)->data, *sign = data + padding.left;
    if (*sign == '+' || *sign == '-') {
        *data = *sign;
        *sign = '0';
    }
    return filled;
}
