/* bytes: decoding, and questions about bytes as ASCII, called by name. */

#include "bytes_find.h"
#include "codec.h"
#include "int.h"
#include "method_arguments.h"

METHOD(bytes, decode) {
    static const Signature signature = {"bytes.decode", 0, 2, {"encoding", "errors", NULL}};
    Object *values[2];
    if (!arguments_bind(&signature, args, count, names, values)) return NULL;
    if (values[0] && !str_parameter(values[0], "decode() argument 'encoding'"))
        return NULL;
    if (values[1] && !str_parameter(values[1], "decode() argument 'errors'"))
        return NULL;
    return (Object *)CPy_Decode(self, (Str *)values[0], (Str *)values[1]);
}

static bool is_digit(char byte) { return byte >= '0' && byte <= '9'; }

static bool is_letter(char byte) { return (uint8_t)((byte | ('a' ^ 'A')) - 'a') < 26; }

static bool is_alphanumeric(char byte) { return is_digit(byte) || is_letter(byte); }

static bool all_are(const Bytes *bytes, bool (*belongs)(char)) {
    for (int64_t i = 0; i < bytes->var.size; i++)
        if (!belongs(bytes->data[i])) return false;
    return bytes->var.size;
}

#define QUESTION(name, belongs)                               \
    METHOD(bytes, name) {                                     \
        EXPECT("bytes." #name, 0, 0);                         \
        return bool_object(all_are((Bytes *)self, belongs));  \
    }

QUESTION(isdigit, is_digit)
QUESTION(isalpha, is_letter)
QUESTION(isalnum, is_alphanumeric)
QUESTION(isspace, byte_is_space)

METHOD(bytes, isascii) {
    EXPECT("bytes.isascii", 0, 0);
    for (int64_t i = 0; i < ((Bytes *)self)->var.size; i++)
        if (((Bytes *)self)->data[i] & 0x80) return bool_object(false);
    return bool_object(true);
}
