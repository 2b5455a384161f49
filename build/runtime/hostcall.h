/* What all host calls share: how they are imported, and what they answer as objects. A status other than
   OK makes None or a given number. */

#ifndef MIXER2_HOSTCALL_H
#define MIXER2_HOSTCALL_H

#include "bytes.h"
#include "tagged.h"

#define IMPORT(name) __attribute__((import_module("env"), import_name(#name))) uint32_t name

/* A host function's argument: the low 32 bits, so that -1 is "all ones". */
#define WORD(tagged) ((uint32_t)tagged_value(tagged))

/* Statuses of Proxy-Wasm 0.2.1, of which there are more. */
enum { STATUS_OK = 0, STATUS_BAD_ARGUMENT = 2, STATUS_PARSE_FAILURE = 4, STATUS_INTERNAL_FAILURE = 10 };

extern uint32_t last_status;

/* All of them set last_status. */
static inline Tagged status_result(uint32_t status) {
    last_status = status;
    return tagged_from(status);
}
static inline Tagged number_result(uint32_t status, int64_t value, int64_t otherwise) {
    last_status = status;
    return status == STATUS_OK ? tagged_checked(value) : tagged_from(otherwise);
}
Object *bytes_result(uint32_t status, char *data, uint32_t size);
Object *text_result(uint32_t status, char *data, uint32_t size);

#endif
