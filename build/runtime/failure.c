/* A failure as text: the traceback of an exception, after those of what led to it. */

#include "builder.h"
#include "errors.h"
#include "exception_text.h"
#include "generic.h"
#include "traceback.h"

/* CPython shows this many equal lines before it counts the rest. */
#define SHOWN_REPEATS 3
/* Exceptions of one chain that are told; the newest ones. */
#define CHAIN_LIMIT 100

static bool same_line(const Site *left, const Site *right) {
    return left->line == right->line && left->scope == right->scope;
}

static void add_site(Builder *text, const Site *site) {
    builder_add_c(text, "  File \"");
    builder_add_c(text, site->scope->file);
    builder_add_c(text, "\", line ");
    builder_add_int(text, site->line);
    builder_add_c(text, ", in ");
    builder_add_c(text, site->scope->function);
    builder_add_char(text, '\n');
}

static void add_repeats(Builder *text, uint32_t equal_lines) {
    if (equal_lines <= SHOWN_REPEATS) return;
    uint32_t hidden = equal_lines - SHOWN_REPEATS;
    builder_add_c(text, "  [Previous line repeated ");
    builder_add_int(text, hidden);
    builder_add_c(text, hidden > 1 ? " more times]\n" : " more time]\n");
}

static void add_traceback(Builder *text, const Traceback *traceback) {
    builder_add_c(text, "Traceback (most recent call last):\n");
    const Site *previous = NULL;
    uint32_t equal_lines = 0;
    for (uint32_t i = traceback->count; i--;) {
        const Site *site = &traceback->sites[i];
        if (!previous || !same_line(previous, site)) {
            add_repeats(text, equal_lines);
            equal_lines = 0;
            previous = site;
        }
        if (++equal_lines <= SHOWN_REPEATS) add_site(text, site);
    }
    add_repeats(text, equal_lines);
}

static void add_message(Builder *text, Object *exception) {
    if (exception->type->module) {
        builder_add_c(text, exception->type->module);
        builder_add_char(text, '.');
    }
    builder_add_c(text, exception->type->name);
    Str *message = (Str *)exception_text(exception);
    if (!message) {
        /* What __str__ raised is of no interest to whoever reads the first failure. */
        error_clear();
        builder_add_c(text, ": <exception str() failed>");
        return;
    }
    if (message->var.size) {
        builder_add_c(text, ": ");
        builder_add_str(text, message);
    }
    DECREF(message);
}

/* What is shown before an exception; NULL: nothing. */
static Exception *predecessor(const Exception *exception) {
    if (exception->cause) return (Exception *)exception->cause;
    return exception->suppress_context ? NULL : (Exception *)exception->context;
}

static bool contains(Exception *const *chain, uint32_t count, const Exception *exception) {
    for (uint32_t i = 0; i < count; i++)
        if (chain[i] == exception) return true;
    return false;
}

Str *native__pal__failure__describe(Object *exception) {
    Exception *chain[CHAIN_LIMIT];
    uint32_t count = 0;
    for (Exception *link = (Exception *)exception;
         link && count < CHAIN_LIMIT && !contains(chain, count, link); link = predecessor(link))
        chain[count++] = link;

    Builder text = builder_new();
    while (count--) {
        if (chain[count]->traceback) add_traceback(&text, (Traceback *)chain[count]->traceback);
        add_message(&text, (Object *)chain[count]);
        if (!count) break;
        builder_add_c(&text, chain[count - 1]->cause
                                 ? "\n\nThe above exception was the direct cause of the "
                                   "following exception:\n\n"
                                 : "\n\nDuring handling of the above exception, another "
                                   "exception occurred:\n\n");
    }
    return builder_finish(&text);
}
