/* pal.ip_address: addresses of IPv4 and IPv6 as bytes. */

#include "bytes.h"
#include "hex_digit.h"
#include "str.h"

#define SIZE 16
#define V4_SIZE 4

/* Reads what is left of a text; `end` is behind its last byte. */
typedef struct Reader {
    const char *at;
    const char *end;
} Reader;

/* Up to `most` digits; -1 when there is none, or one more. Decimal numbers have no leading zero. */
static int32_t number(Reader *reader, int base, int most) {
    const char *start = reader->at;
    int32_t value = 0;
    for (; reader->at < reader->end; reader->at++) {
        int digit = hex_digit_value(*reader->at);
        if (digit < 0 || digit >= base) break;
        if (reader->at - start == most) return -1;
        value = value * base + digit;
    }
    bool is_octal = base == 10 && *start == '0' && reader->at - start > 1;
    return reader->at == start || is_octal ? -1 : value;
}

static bool take(Reader *reader, char c) {
    if (reader->at == reader->end || *reader->at != c) return false;
    reader->at++;
    return true;
}

/* Four octets, which are all that is left. */
static bool read_v4(Reader *reader, uint8_t *to) {
    for (int i = 0; i < V4_SIZE; i++) {
        int32_t octet = i && !take(reader, '.') ? -1 : number(reader, 10, 3);
        if (octet < 0 || octet > 0xff) return false;
        to[i] = (uint8_t)octet;
    }
    return reader->at == reader->end;
}

static bool read_v6(Reader *reader, uint8_t *to) {
    uint32_t size = 0;
    int32_t gap = -1;
    if (reader->at < reader->end && *reader->at == ':' &&
        (reader->end - reader->at < 2 || reader->at[1] != ':'))
        return false;
    while (reader->at < reader->end) {
        if (take(reader, ':')) {
            if (take(reader, ':')) {
                if (gap >= 0) return false;
                gap = (int32_t)size;
                continue;
            }
            /* One colon stands between two hextets. */
            if (size == 0 || (int32_t)size == gap || reader->at == reader->end) return false;
        } else if (size && (int32_t)size != gap) {
            return false;
        }
        Reader v4 = *reader;
        if (size + V4_SIZE <= SIZE && read_v4(&v4, to + size)) {
            *reader = v4;
            size += V4_SIZE;
            break;
        }
        int32_t hextet = number(reader, 16, 4);
        if (hextet < 0 || size == SIZE) return false;
        to[size++] = (uint8_t)(hextet >> 8);
        to[size++] = (uint8_t)hextet;
    }
    if (gap < 0) return size == SIZE;
    if (size == SIZE) return false;
    uint32_t behind = size - (uint32_t)gap;
    for (uint32_t i = 0; i < behind; i++) {
        to[SIZE - 1 - i] = to[size - 1 - i];
        to[size - 1 - i] = 0;
    }
    return true;
}

static const char *find(const char *at, const char *end, char c) {
    while (at < end && *at != c) at++;
    return at;
}

/* Without the scope; false when there is one that is none. */
static bool cut_scope(Reader *reader) {
    const char *end = reader->end;
    reader->end = find(reader->at, end, '%');
    if (reader->end == end) return true;
    const char *scope = reader->end + 1;
    return scope < end && find(scope, end, '%') == end;
}

Bytes *native__pal__ip_address__packed(Str *text) {
    uint8_t address[SIZE] = {[10] = 0xff, [11] = 0xff};
    Reader reader = {text->data, text->data + text->var.size};
    bool good;
    if (find(reader.at, reader.end, ':') == reader.end) {
        good = read_v4(&reader, address + SIZE - V4_SIZE);
    } else {
        address[10] = address[11] = 0;
        good = cut_scope(&reader) && read_v6(&reader, address);
    }
    return bytes_new((const char *)address, good ? SIZE : 0);
}

Str *native__pal__ip_address__without_port(Str *address) {
    uint32_t size = (uint32_t)address->var.size, colons = 0, end = size;
    if (size && *address->data == '[') {
        for (end = 1; end < size && address->data[end] != ']';) end++;
        return str_slice_bytes(address, 1, end);
    }
    for (uint32_t i = size; i--;)
        if (address->data[i] == ':' && !colons++) end = i;
    return str_slice_bytes(address, 0, colons == 1 ? end : size);
}
