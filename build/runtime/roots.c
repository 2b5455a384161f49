/* Which plugin context a stream is of, where contexts of streams are not kept: part of pal.roots for
   compiled plugins, which explains it. */

#include "host_buffer.h"
#include "hostcall.h"
#include "none.h"
#include "registry.h"

IMPORT(proxy_set_effective_context)(uint32_t context_id);
IMPORT(proxy_call_foreign_function)(const char *name, uint32_t name_size, const char *arguments,
                                    uint32_t size, char **result, uint32_t *result_size);

#define EXPR_CREATE "expr_create"
#define EXPR_EVALUATE "expr_evaluate"
#define SIZE_OF(literal) (sizeof literal - 1)

enum { MOST_DIGITS = 10 };

/* The plugin context whose streams find no expression. */
static uint32_t unmarked;

static void create_expression(uint32_t number) {
    char digits[MOST_DIGITS], *first = digits + MOST_DIGITS, *data = NULL;
    uint32_t size = 0;
    for (; number; number /= 10) *--first = (char)('0' + number % 10);
    proxy_call_foreign_function(EXPR_CREATE, SIZE_OF(EXPR_CREATE), first,
                                (uint32_t)(digits + MOST_DIGITS - first), &data, &size);
    host_buffer_discard();
}

/* The value of the first expression, which is a number of 8 bytes; `unmarked` without one. */
static uint32_t evaluate_expression(void) {
    static const uint32_t token = 0;
    char *data = NULL;
    uint32_t size = 0, number = unmarked;
    host_place_offer();
    uint32_t status = proxy_call_foreign_function(EXPR_EVALUATE, SIZE_OF(EXPR_EVALUATE), (const char *)&token,
                                                  sizeof token, &data, &size);
    const char *found = host_place_take(data, size);
    if (status == STATUS_OK && found && size >= sizeof number) __builtin_memcpy(&number, found, sizeof number);
    return number;
}

char native__pal__roots___mark(Tagged root_id) {
    uint32_t number = WORD(root_id);
    if (registry_plugin_after(0))
        create_expression(number);
    else
        unmarked = number;
    return 1;
}

char native__pal__roots___forget_gone(Tagged context_id) {
    uint32_t number = registry_plugin_after(0);
    if (!number) return 1;
    for (; number; number = registry_plugin_after(number))
        if (proxy_set_effective_context(number) == STATUS_BAD_ARGUMENT)
            native__pal__registry__discard(tagged_from(number));
    proxy_set_effective_context(WORD(context_id));
    return 1;
}

Object *native__pal__roots___sought(Tagged context_id) {
    native__pal__roots___forget_gone(context_id);
    Object *only = native__pal__registry__only_plugin();
    if (only != NONE) return only;
    return native__pal__registry__plugin(tagged_from(evaluate_expression()));
}
