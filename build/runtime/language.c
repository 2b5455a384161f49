/* pystd._language: what rewritten source calls (mixer2/compiler/frontend/lowering.py). */

#include "errors.h"
#include "int.h"
#include "list.h"
#include "str.h"

Object *native__pystd___language__with_cause(Object *exception, Object *cause) {
    return exception_set_cause(exception, cause);
}

Tagged native__pystd___language__exact_int(Tagged value) { return value; }

/* Only of lists whose items are all texts, says the type checker. */
Tagged native__pystd___language__find_text(Str *text, List *texts) {
    for (int64_t i = 0; i < texts->var.size; i++) {
        Object *item = texts->items[i].object;
        if (item == (Object *)text || (is_any_str(item) && str_equal((Str *)item, text)))
            return tagged_from(i);
    }
    return tagged_from(-1);
}
