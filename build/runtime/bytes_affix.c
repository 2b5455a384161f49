/* What bytes start and end with. */

#include "bytes.h"

int CPyBytes_Startswith(Bytes *bytes, Bytes *prefix) {
    return span_starts_with(bytes_span(bytes), bytes_span(prefix));
}

int CPyBytes_Endswith(Bytes *bytes, Bytes *suffix) {
    return span_ends_with(bytes_span(bytes), bytes_span(suffix));
}
