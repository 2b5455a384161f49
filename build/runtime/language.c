/* pystd._language: what rewritten source calls (mixer2/compiler/frontend/lowering.py). */

#include "errors.h"

Object *native__pystd___language__with_cause(Object *exception, Object *cause) {
    return exception_set_cause(exception, cause);
}
