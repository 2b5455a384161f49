/* Encodings: UTF-8, ASCII and Latin-1, with CPython's error handlers. */

#ifndef MIXER2_CODEC_H
#define MIXER2_CODEC_H

#include "builder.h"
#include "bytes.h"
#include "str.h"

/* What to do with what cannot be encoded or decoded. */
typedef enum ErrorHandler {
    ERRORS_STRICT,
    ERRORS_IGNORE,
    ERRORS_REPLACE,
    ERRORS_SURROGATEESCAPE,
    ERRORS_SURROGATEPASS,
    ERRORS_BACKSLASHREPLACE,
} ErrorHandler;

/* A valid, strict UTF-8 text? Then *length is its number of code points. */
bool utf8_validate(const char *data, uint32_t size, uint32_t *length);

/* At the three-byte form of a surrogate, which strict UTF-8 forbids? */
bool utf8_at_surrogate(const char *data, uint32_t size);
bool has_surrogates(const Str *text);
/* How many surrogates stand one behind the other here. */
uint32_t run_of_surrogates(const char *place, const char *end);

/* As decode_utf8 with ERRORS_SURROGATEESCAPE, which never fails. */
Str *decode_utf8_escaped(const char *data, uint32_t size);

/* NULL with UnicodeDecodeError set. */
Str *decode_utf8(Bytes *data, ErrorHandler errors);
Str *decode_ascii(Bytes *data, ErrorHandler errors);
Str *decode_latin1(Bytes *data);

/* NULL with UnicodeEncodeError set. */
Bytes *encode_utf8(Str *text, ErrorHandler errors);
Bytes *encode_ascii(Str *text, ErrorHandler errors);
Bytes *encode_latin1(Str *text, ErrorHandler errors);

/* The same for one handler each. */
Str *decode_utf8_surrogatepass(Bytes *data);
Str *decode_utf8_surrogateescape(Bytes *data);
Bytes *encode_utf8_surrogatepass(Str *text);

/* Raise; `end` is exclusive. Positions of an encode error count code points. */
void raise_decode_error(const char *encoding, Bytes *data, uint32_t start, uint32_t end,
                        const char *reason);
void raise_encode_error(const char *encoding, Str *text, uint32_t start, uint32_t end,
                        const char *reason);

/* bytes.decode(encoding, errors), str.encode(encoding, errors); NULL: the default. */
Str *CPy_Decode(Object *data, Str *encoding, Str *errors);
Bytes *CPy_Encode(Object *text, Str *encoding, Str *errors);

#endif
