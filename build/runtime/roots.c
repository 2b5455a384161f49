/* Which plugin context a stream is of, where contexts of streams are not kept: part of pal.roots for
   compiled plugins, which explains it. */

#include "host_buffer.h"
#include "hostcall.h"
#include "none.h"
#include "registry.h"
#include "str.h"

IMPORT(proxy_set_effective_context)(uint32_t context_id);
IMPORT(proxy_get_property)(const char *path, uint32_t path_size, char **value, uint32_t *value_size);
IMPORT(proxy_call_foreign_function)(const char *name, uint32_t name_size, const char *arguments,
                                    uint32_t size, char **result, uint32_t *result_size);

#define PLUGIN_NAME "plugin_name"
#define EXPR_CREATE "expr_create"
#define EXPR_EVALUATE "expr_evaluate"
#define SIZE_OF(literal) (sizeof literal - 1)

enum { MOST_DIGITS = 10, CHECK_EVERY = 16, MOST_ASKED = 256 };

/* The plugin context whose streams find no expression. */
static uint32_t unmarked;

/* Streams and their plugin contexts, each in the place that the low bits of its number say. */
static struct Asked {
    uint32_t stream;
    uint32_t root;
} asked[MOST_ASKED];

/* Of the current plugin's name; 0 when it has none. Two names of one hash are as two of one name. */
static uint32_t hash_of_name(void) {
    char *name = NULL;
    uint32_t size = 0, hash = 0;
    host_place_offer();
    if (proxy_get_property(PLUGIN_NAME, SIZE_OF(PLUGIN_NAME), &name, &size) == STATUS_OK && name)
        hash = hash_of_bytes(name, size);
    host_place_take(name, size);
    return hash;
}

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
    char *found = NULL;
    uint32_t size = 0, number = unmarked;
    uint32_t status = proxy_call_foreign_function(EXPR_EVALUATE, SIZE_OF(EXPR_EVALUATE), (const char *)&token,
                                                  sizeof token, &found, &size);
    if (status == STATUS_OK && found && size >= sizeof number) __builtin_memcpy(&number, found, sizeof number);
    host_buffer_discard();
    return number;
}

char native__pal__roots___mark(Tagged root_id) {
    uint32_t number = WORD(root_id);
    registry_name_plugin(number, hash_of_name());
    if (registry_plugin_after(0) == number) unmarked = number;
    else create_expression(number);
    return 1;
}

char native__pal__roots___forget_gone(Tagged context_id) {
    uint32_t number = registry_plugin_after(0);
    if (!number) return 1;
    for (; number; number = registry_plugin_after(number))
        if (proxy_set_effective_context(number) == STATUS_BAD_ARGUMENT) {
            /* The context for all its streams, and itself. */
            native__pal__registry__discard(tagged_from(number));
            native__pal__registry__discard(tagged_from(number));
        }
    proxy_set_effective_context(WORD(context_id));
    return 1;
}

static uint32_t seek(Tagged context_id) {
    if (WORD(context_id) % CHECK_EVERY == 0) native__pal__roots___forget_gone(context_id);
    uint32_t number =
        registry_has_one_plugin() ? registry_plugin_after(0) : registry_plugin_named(hash_of_name());
    return number ? number : evaluate_expression();
}

Tagged native__pal__roots___root_of(Tagged context_id) {
    uint32_t stream = WORD(context_id);
    struct Asked *place = &asked[stream % MOST_ASKED];
    if (place->stream != stream) *place = (struct Asked){stream, seek(context_id)};
    return tagged_from(place->root);
}
