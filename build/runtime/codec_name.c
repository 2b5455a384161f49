/* Codecs and error handlers by name. */

#include "codec.h"
#include "errors.h"

typedef enum Encoding { UTF8, ASCII, LATIN1, UNKNOWN } Encoding;

typedef struct Name {
    const char *text;
    int meaning;
} Name;

/* Spelt as `normalise` leaves them. Source: the aliases of CPython's `encodings`. */
static const Name encodings[] = {
    {"utf_8", UTF8},        {"utf8", UTF8},         {"u8", UTF8},          {"utf", UTF8},
    {"ascii", ASCII},       {"us_ascii", ASCII},    {"646", ASCII},        {"latin_1", LATIN1},
    {"latin1", LATIN1},     {"iso_8859_1", LATIN1}, {"iso8859_1", LATIN1}, {"8859", LATIN1},
    {"iso8859", LATIN1},    {"l1", LATIN1},         {"latin", LATIN1},     {"cp819", LATIN1},
    {NULL, UNKNOWN},
};

static const Name handlers[] = {
    {"strict", ERRORS_STRICT},
    {"ignore", ERRORS_IGNORE},
    {"replace", ERRORS_REPLACE},
    {"surrogateescape", ERRORS_SURROGATEESCAPE},
    {"surrogatepass", ERRORS_SURROGATEPASS},
    {"backslashreplace", ERRORS_BACKSLASHREPLACE},
    {NULL, -1},
};

static int look_up(const Name *names, const char *text) {
    while (names->text) {
        size_t size = strlen(text);
        if (strlen(names->text) == size && memcmp(names->text, text, size) == 0) break;
        names++;
    }
    return names->meaning;
}

/* Lower case, with '_' for each run of other characters. Names too long are no names. */
static void normalise(const Str *name, char *to, uint32_t room) {
    uint32_t size = 0;
    bool gap = false;
    for (int64_t i = 0; i < name->var.size; i++) {
        char c = name->data[i];
        if (c >= 'A' && c <= 'Z') c += 'a' - 'A';
        bool word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.';
        if (word && gap && size && size < room - 1) to[size++] = '_';
        if (word && size < room - 1) to[size++] = c;
        gap = !word;
    }
    to[size] = 0;
}

/* UNKNOWN with LookupError set. */
static Encoding encoding_named(const Str *name) {
    char normal[16];
    if (!name) return UTF8;
    normalise(name, normal, sizeof normal);
    Encoding encoding = (Encoding)look_up(encodings, normal);
    if (encoding == UNKNOWN)
        raise_formatted(&Exc_LookupError_Type, "unknown encoding: %S", name);
    return encoding;
}

/* CPython looks a handler up when it is needed, so an unknown one is strict until then. */
static ErrorHandler handler_named(const Str *name) {
    int handler = name ? look_up(handlers, name->data) : ERRORS_STRICT;
    return handler < 0 ? ERRORS_STRICT : (ErrorHandler)handler;
}

/* What an unknown handler raises in place of the codec's error. */
static void complain_about_handler(const Str *name) {
    if (!name || look_up(handlers, name->data) >= 0) return;
    if (error_clear_if(&Exc_UnicodeError_Type))
        raise_formatted(&Exc_LookupError_Type, "unknown error handler name '%S'", name);
}

Str *CPy_Decode(Object *data, Str *encoding, Str *errors) {
    ErrorHandler handler = handler_named(errors);
    Str *text;
    switch (encoding_named(encoding)) {
    case UTF8: text = decode_utf8((Bytes *)data, handler); break;
    case ASCII: text = decode_ascii((Bytes *)data, handler); break;
    case LATIN1: text = decode_latin1((Bytes *)data); break;
    default: return NULL;
    }
    if (!text) complain_about_handler(errors);
    return text;
}

Bytes *CPy_Encode(Object *text, Str *encoding, Str *errors) {
    ErrorHandler handler = handler_named(errors);
    Bytes *data;
    switch (encoding_named(encoding)) {
    case UTF8: data = encode_utf8((Str *)text, handler); break;
    case ASCII: data = encode_ascii((Str *)text, handler); break;
    case LATIN1: data = encode_latin1((Str *)text, handler); break;
    default: return NULL;
    }
    if (!data) complain_about_handler(errors);
    return data;
}
