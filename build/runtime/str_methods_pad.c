/* str: methods that fill up to a width, called by name. */

#include "builder.h"
#include "memory.h"
#include "method_arguments.h"
#include "utf8.h"

typedef struct Padding {
    int64_t left;
    int64_t right;
    uint32_t fill;
} Padding;

/* The fill character is args[1]; false with TypeError. */
static bool fill_from(Object *const *args, int64_t count, uint32_t *fill) {
    *fill = ' ';
    if (count < 2) return true;
    Str *text = str_argument(args[1], "The fill character must be a unicode character");
    if (!text) return false;
    if (text->length != 1) {
        raise_standard_error(&Exc_TypeError_Type,
                             "The fill character must be exactly one character long");
        return false;
    }
    const char *place = text->data;
    *fill = utf8_next(&place);
    return true;
}

static char *add_fill(char *end, const Padding *padding, int64_t count) {
    while (count--) end += utf8_write(end, padding->fill);
    return end;
}

static Object *pad(Str *text, const Padding *padding) {
    int64_t count = padding->left + padding->right;
    if (count > (int64_t)(MEMORY_LIMIT / 8)) {
        raise_standard_error(&Exc_MemoryError_Type, NULL);
        return NULL;
    }
    if (!count) {
        INCREF(text);
        return (Object *)text;
    }
    int64_t size = text->var.size + count * utf8_width_of(padding->fill);
    if (!memory_for(sizeof(Str) + (uint64_t)size)) return NULL;
    Str *padded = str_reserve(size, text->length + count);
    char *end = add_fill(padded->data, padding, padding->left);
    memcpy(end, text->data, (size_t)text->var.size);
    add_fill(end + text->var.size, padding, padding->right);
    return (Object *)padded;
}

/* How many characters `text` lacks to the width args[0]; -1 with an error. */
static int64_t missing(const Str *text, Object *const *args, int64_t count) {
    int64_t width;
    if (!int_argument(args, count, 0, &width)) return -1;
    return width > text->length ? width - text->length : 0;
}

METHOD(str, ljust) {
    Padding padding = {0};
    EXPECT("str.ljust", 1, 2);
    padding.right = missing((Str *)self, args, count);
    if (padding.right < 0 || !fill_from(args, count, &padding.fill)) return NULL;
    return pad((Str *)self, &padding);
}

METHOD(str, rjust) {
    Padding padding = {0};
    EXPECT("str.rjust", 1, 2);
    padding.left = missing((Str *)self, args, count);
    if (padding.left < 0 || !fill_from(args, count, &padding.fill)) return NULL;
    return pad((Str *)self, &padding);
}

METHOD(str, center) {
    Padding padding = {0};
    EXPECT("str.center", 1, 2);
    int64_t spare = missing((Str *)self, args, count);
    if (spare < 0 || !fill_from(args, count, &padding.fill)) return NULL;
    /* An odd one goes to the left if the width is odd: CPython's choice. */
    int64_t width = spare + ((Str *)self)->length;
    padding.left = spare / 2 + (spare & width & 1);
    padding.right = spare - padding.left;
    return pad((Str *)self, &padding);
}

METHOD(str, zfill) {
    EXPECT("str.zfill", 1, 1);
    Padding padding = {.left = missing((Str *)self, args, count), .fill = '0'};
    if (padding.left < 0) return NULL;
    Object *filled = pad((Str *)self, &padding);
    if (!filled || !padding.left) return filled;
    /* A sign goes before the zeros. */
    char *data = ((Str *)filled)->data, *sign = data + padding.left;
    if (*sign == '+' || *sign == '-') {
        *data = *sign;
        *sign = '0';
    }
    return filled;
}

METHOD(str, expandtabs) {
    static const Signature signature = {"str.expandtabs", 0, 1, {"tabsize", NULL}};
    Object *size_argument;
    int64_t size = 8, column = 0;
    if (!arguments_bind(&signature, args, count, names, &size_argument)) return NULL;
    if (size_argument && !int_argument(&size_argument, 1, 0, &size)) return NULL;
    const Str *text = (Str *)self;
    Builder result = builder_new();
    const char *place = text->data, *end = place + text->var.size;
    while (place < end) {
        uint32_t code_point = utf8_next(&place);
        if (code_point == '\t') {
            for (int64_t gap = size > 0 ? size - column % size : 0; gap; gap--, column++)
                builder_add_char(&result, ' ');
            continue;
        }
        builder_add_code_point(&result, code_point);
        column = code_point == '\n' || code_point == '\r' ? 0 : column + 1;
    }
    return (Object *)builder_finish(&result);
}
