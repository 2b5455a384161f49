/* At the border between the host and compiled code. */

#include "errors.h"
#include "memory.h"
#include "tagged.h"
#include "traceback.h"

Tagged native__pal__hostcalls__log(Tagged level, Object *message);

/* Proxy-Wasm's log level "critical". */
enum { CRITICAL = 5 };

/* An exception got past the dispatcher: log it and go on without it. */
void report_uncaught(void) {
    Object *exception = error_take();
    if (!exception) return;
    Object *text = (Object *)native__pal__failure__describe(exception);
    DECREF(exception);
    native__pal__hostcalls__log(tagged_from(CRITICAL), text);
    DECREF(text);
}

/* Tells the host which ABI this module speaks; it is never called. */
void proxy_abi_version_0_2_1(void) {}
