/* Text at the border to the host: bytes that are UTF-8 or not, decoded with surrogateescape. */

#ifndef MIXER2_HOST_TEXT_H
#define MIXER2_HOST_TEXT_H

#include "str.h"

/* Bytes to pass to the host. */
typedef struct HostText {
    const char *data;
    uint32_t size;
    void *owned;
} HostText;

/* The bytes that `text` stands for; without a copy when all of it was UTF-8. */
HostText host_text(Str *text);

/* The same where it must be fast: most text is ASCII. */
static inline HostText host_text_here(Str *text) {
    if (str_is_ascii(text)) return (HostText){.data = text->data, .size = (uint32_t)text->var.size};
    return host_text(text);
}

static inline void host_text_release(const HostText *text) {
    if (text->owned) mixer2_free(text->owned);
}

/* The text that bytes of the host stand for; those that are not UTF-8 become lone surrogates. */
Str *str_from_host(const char *data, uint32_t size);

#endif
