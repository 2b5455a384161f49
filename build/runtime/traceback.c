/* Sites: noting them while an exception propagates. */

#include "traceback.h"

#include "errors.h"
#include "generic.h"
#include "none.h"

#define FIRST_SITES 4

static Type Traceback_Type = {
    .head = STATIC_HEAD(&PyType_Type),
    .name = "traceback",
    .dealloc = leaf_dealloc,
};

static size_t size_for(uint32_t sites) {
    return sizeof(Traceback) + sites * sizeof(Site);
}

static Traceback *traceback_new(void) {
    Traceback *traceback = mixer2_alloc(size_for(FIRST_SITES));
    traceback->head = (Object){1, &Traceback_Type};
    traceback->count = 0;
    return traceback;
}

void traceback_add(const Scope *scope, uint32_t line) {
    Exception *exception = (Exception *)error_pending();
    if (!exception) return;
    Traceback *traceback = (Traceback *)exception->traceback;
    if (!traceback)
        traceback = traceback_new();
    else if (mixer2_capacity(traceback) < size_for(traceback->count + 1))
        traceback = mixer2_realloc(traceback, size_for(traceback->count * 2));
    traceback->sites[traceback->count++] = (Site){scope, line};
    exception->traceback = (Object *)traceback;
}
