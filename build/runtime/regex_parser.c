/* pystd._regex_compiler: from the text of a regular expression to its program.

   Syntax and messages are those of CPython 3.11's `re`, minus what has no linear-time matcher.
   mixer2/compiler/library/_regex_parser.py is the same for patterns that are known when a filter is
   compiled, and in plain Python. */

#include "errors.h"
#include "int.h"
#include "list.h"
#include "regex_parser.h"
#include "tuple.h"

#define MOST_NESTED 100
#define MOST_REPEATED 10000u
#define COUNT_DIGITS 20

static Part choice(Parser *parser, uint32_t flags, bool is_outermost);

/* Repetitions. */

/* A count in braces that start at `start`; `otherwise` when there are no digits. */
static uint32_t read_count(Source *source, uint32_t otherwise) {
    uint32_t count = 0, digits = 0;
    for (; digits < COUNT_DIGITS && is_digit_token(source->next); digits++) {
        count = count * 10 + (source_get(source) - '0');
        if (count > MOST_REPEATED) count = MOST_REPEATED + 1;
    }
    return digits ? count : otherwise;
}

/* What stands in braces; false when it is not for repeating. */
static bool read_counts(Source *source, uint32_t start, uint32_t *least, uint32_t *most) {
    uint32_t behind_brace = source_place(source);
    if (source->next == '}') return false;
    bool has_low = is_digit_token(source->next);
    *least = read_count(source, 0);
    *most = has_low ? *least : UNLIMITED;
    if (source_skip(source, ',')) *most = read_count(source, UNLIMITED);
    if (!source_skip(source, '}')) {
        source_go_to(source, behind_brace);
        return false;
    }
    if (*least > MOST_REPEATED || (*most > MOST_REPEATED && *most != UNLIMITED))
        source_refuse(source, start, "the repetition number is too large: at most 10000");
    else if (*most < *least)
        source_refuse(source, behind_brace, "min repeat greater than max repeat");
    return true;
}

/* What follows a part; false when a brace stands for itself. */
static bool repeat(Parser *parser, Part *part, Token token, uint32_t start) {
    Source *source = &parser->source;
    uint32_t least = token == '+', most = token == '?' ? 1 : UNLIMITED;
    if (token == '{' && !read_counts(source, start, &least, &most)) return false;
    if (part->kind == PART_NONE || part->kind == PART_ASSERTION)
        source_refuse(source, start, "nothing to repeat");
    else if (part->kind == PART_REPEAT)
        source_refuse(source, start, "multiple repeat");
    bool is_lazy = source_skip(source, '?');
    if (source->next == '+' && !is_lazy)
        source_refuse(source, start, "possessive quantifier: " NOT_LINEAR);
    if (source->is_refused) return true;
    regex_repeat(&parser->writer, part->start, least, most, is_lazy, part->can_be_empty);
    part->kind = PART_REPEAT;
    part->can_be_empty |= !least;
    part->is_anchored = false;
    return true;
}

/* Groups. */

/* The rest of a group, which keeps what it matches when it has a number. */
static void group(Parser *parser, Part *part, uint32_t number, uint32_t start, uint32_t flags) {
    Source *source = &parser->source;
    Writer *writer = &parser->writer;
    if (parser->nested == MOST_NESTED)
        source_refuse(source, start, "the pattern is too large: more than 100 nested groups");
    if (source->is_refused) return;
    parser->nested++;
    if (number) regex_emit_pair(writer, OP_SAVE, 2 * number);
    Part inner = choice(parser, flags, false);
    part->can_be_empty = inner.can_be_empty;
    part->is_anchored = inner.is_anchored;
    if (number) {
        regex_emit_pair(writer, OP_SAVE, 2 * number + 1);
        regex_emit_pair(writer, OP_LAST, number);
    }
    parser->nested--;
    if (!source_skip(source, ')'))
        source_refuse(source, start, "missing ), unterminated subpattern");
}

/* The number of a group that begins here. */
static uint32_t new_group(Parser *parser, Str *name) {
    list_append_stolen((List *)parser->names, (Object *)name);
    return (uint32_t)list_size(parser->names);
}

/* A name that another group has is refused. */
static void expect_new(Parser *parser, const Str *name, uint32_t start) {
    Source *source = &parser->source;
    for (int64_t i = 0; i < list_size(parser->names); i++) {
        if (!str_equal(name, (Str *)list_item(parser->names, i))) continue;
        Builder message = builder_new();
        builder_add_c(&message, "redefinition of group name ");
        source_show_quoted(source, &message, start, source_place(source) - 1);
        builder_add_c(&message, " as group ");
        builder_add_int(&message, list_size(parser->names) + 1);
        builder_add_c(&message, "; was group ");
        builder_add_int(&message, i + 1);
        source_refuse_with(source, start, &message);
        return;
    }
}

static void named(Parser *parser, Part *part, uint32_t start, uint32_t flags) {
    Source *source = &parser->source;
    uint32_t after = source_place(source);
    if (source_skip(source, '<')) {
        Str *name = source_group_name(source);
        if (!name) return;
        expect_new(parser, name, after + 1);
        group(parser, part, new_group(parser, name), start, flags);
        return;
    }
    if (source->next == '=') source_refuse(source, start, "backreference (?P=: " NOT_LINEAR);
    if (source_get(source) == NO_TOKEN)
        source_refuse(source, after, "unexpected end of pattern");
    source_refuse(source, after - 2, "unknown extension %");
}

static void lookbehind(Source *source, uint32_t start) {
    uint32_t after = source_place(source);
    Token token = source_get(source);
    if (token == NO_TOKEN) source_refuse(source, after, "unexpected end of pattern");
    if (is_one_of(token, "=!")) source_refuse(source, start, "lookbehind %: " NOT_LINEAR);
    source_refuse(source, after - 2, "unknown extension %");
}

/* What begins with `(?` at `start`; false when it leaves no part. */
static bool extension(Parser *parser, Part *part, uint32_t start, uint32_t *flags,
                      bool may_set_flags) {
    Source *source = &parser->source;
    uint32_t place = source_place(source), inner = *flags;
    Token token = source_get(source);
    if (token == NO_TOKEN) source_refuse(source, place, "unexpected end of pattern");
    if (token == '#') {
        while (source->next != NO_TOKEN)
            if (source_get(source) == ')') return false;
        source_refuse(source, start, "missing ), unterminated comment");
    } else if (token == 'P') {
        named(parser, part, start, inner);
    } else if (token == ':') {
        group(parser, part, 0, start, inner);
    } else if (is_one_of(token, "=!")) {
        source_refuse(source, start, "lookahead %: " NOT_LINEAR);
    } else if (token == '<') {
        lookbehind(source, start);
    } else if (token == '(') {
        source_refuse(source, start, "conditional group: " NOT_LINEAR);
    } else if (token == '>') {
        source_refuse(source, start, "atomic group: " NOT_LINEAR);
    } else if (token == '-' || regex_flag_of(token)) {
        if (regex_read_flags(parser, token, &inner)) {
            group(parser, part, 0, start, inner);
            return true;
        }
        if (!may_set_flags)
            source_refuse(source, start, "global flags not at the start of the expression");
        *flags = parser->flags;
        return false;
    } else {
        source_refuse(source, place - 1, "unknown extension %");
    }
    return true;
}

/* All. */

static void skip_line(Source *source) {
    for (Token token = 0; token != NO_TOKEN && token != '\n';) token = source_get(source);
}

static Part sequence(Parser *parser, uint32_t flags, bool may_set_flags) {
    Source *source = &parser->source;
    Part whole = {.start = parser->writer.size, .can_be_empty = true}, last = {.kind = PART_NONE};
    while (source->next != NO_TOKEN && !is_one_of(source->next, "|)")) {
        uint32_t start = source_place(source);
        Token token = source_get(source);
        if (flags & VERBOSE && is_one_of(token, " \t\n\r\v\f#")) {
            if (token == '#') skip_line(source);
            continue;
        }
        if (is_one_of(token, "*+?{") && repeat(parser, &last, token, start)) {
            if (whole.kind == PART_NONE) whole.is_anchored = false;
            continue;
        }
        Part part = {.kind = PART_OTHER, .start = parser->writer.size};
        if (token != '(')
            regex_read_simple(parser, &part, token, start, flags);
        else if (!source_skip(source, '?'))
            group(parser, &part, new_group(parser, str_empty()), start, flags);
        else if (!extension(parser, &part, start, &flags, may_set_flags && !last.kind))
            continue;
        if (last.kind == PART_NONE) {
            whole.is_anchored = part.is_anchored;
        } else {
            whole.kind = PART_OTHER; /* it has two */
            whole.can_be_empty &= last.can_be_empty;
        }
        last = part;
    }
    if (last.kind != PART_NONE) whole.can_be_empty &= last.can_be_empty;
    return whole;
}

/* Parts with `|` between them. */
static Part choice(Parser *parser, uint32_t flags, bool is_outermost) {
    Part whole = sequence(parser, flags, is_outermost);
    uint32_t jumps = NO_JUMP, start = whole.start;
    if (is_outermost) flags = parser->flags;
    while (source_skip(&parser->source, '|')) {
        jumps = regex_end_alternative(&parser->writer, start, jumps);
        start = parser->writer.size;
        Part other = sequence(parser, flags, false);
        whole.can_be_empty |= other.can_be_empty;
        whole.is_anchored &= other.is_anchored;
    }
    regex_land(&parser->writer, jumps);
    return whole;
}

/* Flags of the whole pattern that do not go with it; NULL when they do. */
static const char *wrong_flags(const Parser *parser) {
    uint32_t flags = parser->flags;
    if (!parser->source.is_text)
        return flags & UNICODE  ? "cannot use UNICODE flag with a bytes pattern"
               : flags & LOCALE ? "LOCALE is not in the dialect"
                                : NULL;
    return flags & LOCALE                     ? "cannot use LOCALE flag with a str pattern"
           : flags & ASCII && flags & UNICODE ? "ASCII and UNICODE flags are incompatible"
                                              : NULL;
}

/* A tuple of the two. Takes over the first. */
static Object *refusal(Str *message, uint32_t place) {
    return message ? tuple_pair_stolen((Object *)message, int_new(place)) : NULL;
}

/* The program, the flags and the names of the groups; or what is wrong, and where. */
Object *native__pystd___regex_compiler__compiled(Object *pattern, Tagged flags) {
    Parser parser = {.names = PyList_New(0), .flags = (uint32_t)tagged_value(flags)};
    source_open(&parser.source, pattern);
    regex_emit_pair(&parser.writer, OP_SAVE, 0);
    Part whole = choice(&parser, parser.flags, true);
    regex_emit_pair(&parser.writer, OP_SAVE, 1);
    regex_emit(&parser.writer, OP_MATCH);
    if (parser.source.next != NO_TOKEN)
        source_refuse(&parser.source, source_place(&parser.source), "unbalanced parenthesis");
    source_close(&parser.source);
    parser.writer.is_too_large |= parser.source.is_refused;
    const char *wrong = parser.source.is_refused ? NULL : wrong_flags(&parser);
    if (parser.source.is_text && !(parser.flags & ASCII)) parser.flags |= UNICODE;
    uint32_t kind = (parser.source.is_text ? REGEX_TEXT : 0) |
                    (whole.is_anchored ? REGEX_ANCHORED : 0);
    Bytes *program = regex_finish(&parser.writer, (uint32_t)list_size(parser.names), kind);
    Object *names = PyList_AsTuple(parser.names), *result = NULL;
    DECREF(parser.names);
    if (parser.source.is_refused) {
        result = refusal(parser.source.refusal, parser.source.refused_at);
    } else if (wrong) {
        raise_standard_error(&Exc_ValueError_Type, wrong);
    } else if (!program) {
        result = refusal(str_from_c("the pattern is too large: repeat less"), 0);
    } else {
        Object *items[] = {(Object *)program, int_new(parser.flags), names};
        result = PyTuple_Pack(3, items);
        DECREF(items[1]);
    }
    XDECREF(program);
    DECREF(names);
    return result;
}
