/* The parts of a pattern that have no parts of their own: characters, assertions, sets. */

#include "regex_parser.h"

static bool is_unicode(const Parser *parser, uint32_t flags) {
    return parser->source.is_text && !(flags & ASCII);
}

static uint32_t fold_of(const Parser *parser, uint32_t flags) {
    if (!(flags & IGNORECASE)) return FOLD_NONE;
    return is_unicode(parser, flags) ? FOLD_UNICODE : FOLD_ASCII;
}

static void character(Parser *parser, uint32_t c, uint32_t flags) {
    uint32_t fold = fold_of(parser, flags);
    if (fold == FOLD_ASCII && (c | 0x20) - 'a' >= 26)
        fold = FOLD_NONE;
    else if (fold != FOLD_NONE)
        c = regex_lower(c);
    regex_emit_pair(&parser->writer, OP_CHAR, c);
    regex_emit(&parser->writer, fold);
}

static void assertion(Parser *parser, Part *part, RegexAssertion assertion) {
    part->kind = PART_ASSERTION;
    part->can_be_empty = true;
    part->is_anchored = assertion == ASSERT_TEXT_START;
    regex_emit_pair(&parser->writer, OP_ASSERT, assertion);
}

/* Sets. */

/* A set without ranges; where it is. */
static uint32_t open_set(Parser *parser, bool is_negated, uint32_t flags) {
    uint32_t place = parser->writer.size;
    regex_emit_pair(&parser->writer, OP_SET, is_negated);
    regex_emit(&parser->writer, fold_of(parser, flags));
    regex_emit(&parser->writer, 0);
    return place;
}

/* Adds the category of an escape, if it is one, to a set. */
static bool add_category(Parser *parser, uint32_t set, Token escape, uint32_t flags) {
    static const char categories[] = "dDsSwW";
    for (uint32_t i = 0; categories[i]; i++) {
        if (escape != ((uint32_t)categories[i] | ESCAPED)) continue;
        uint32_t category = is_unicode(parser, flags) ? i : CATEGORY_DIGIT_ASCII + i;
        regex_add_range(&parser->writer, set, CATEGORY, category);
        return true;
    }
    return false;
}

/* The next character of a set; NO_CHARACTER: its category was added. */
static uint32_t set_character(Parser *parser, uint32_t set, uint32_t flags) {
    Source *source = &parser->source;
    uint32_t start = source_place(source);
    Token token = source_get(source);
    if (add_category(parser, set, token, flags)) return NO_CHARACTER;
    return token & ESCAPED ? source_set_escape(source, token, start) : token;
}

/* Refuses a range. CPython shows the first token of each end: not the digits of an escape. */
static void refuse_range(Source *source, uint32_t low, Token low_token, uint32_t high,
                         Token high_token) {
    uint32_t low_width = low_token & ESCAPED ? 2 : 1, high_width = high_token & ESCAPED ? 2 : 1;
    Builder message = builder_new();
    builder_add_c(&message, "bad character range ");
    source_show(source, &message, low, low + low_width);
    builder_add_char(&message, '-');
    source_show(source, &message, high, high + high_width);
    source_refuse_with(source, source_place(source) - low_width - 1 - high_width, &message);
}

static bool set_ends(Source *source, uint32_t start) {
    if (source->next == NO_TOKEN) source_refuse(source, start, "unterminated character set");
    return source->is_refused || source->next == ']';
}

static void read_set(Parser *parser, uint32_t start, uint32_t flags) {
    Source *source = &parser->source;
    Writer *writer = &parser->writer;
    bool is_negated = source_skip(source, '^');
    uint32_t set = open_set(parser, is_negated, flags), first = source_place(source);
    while (!set_ends(source, start) || source_place(source) == first) {
        if (source->is_refused) return;
        uint32_t low_place = source_place(source);
        Token low_token = source->next;
        uint32_t low = set_character(parser, set, flags), high = low;
        bool has_dash = source_skip(source, '-'), dash_is_last = false;
        if (has_dash && !(dash_is_last = set_ends(source, start))) {
            uint32_t high_place = source_place(source);
            Token high_token = source->next;
            high = set_character(parser, set, flags);
            if (low == NO_CHARACTER || high == NO_CHARACTER || high < low)
                refuse_range(source, low_place, low_token, high_place, high_token);
        }
        if (low != NO_CHARACTER) regex_add_range(writer, set, low, high);
        if (dash_is_last) regex_add_range(writer, set, '-', '-');
    }
    source_get(source);
}

/* Parts without parts of their own. */

static void escape(Parser *parser, Part *part, Token token, uint32_t start, uint32_t flags) {
    bool is_ascii = !is_unicode(parser, flags);
    switch (token & ~ESCAPED) {
        case 'A': assertion(parser, part, ASSERT_TEXT_START); return;
        case 'Z': assertion(parser, part, ASSERT_TEXT_END); return;
        case 'b':
            assertion(parser, part, is_ascii ? ASSERT_BOUNDARY_ASCII : ASSERT_BOUNDARY);
            return;
        case 'B':
            assertion(parser, part, is_ascii ? ASSERT_NO_BOUNDARY_ASCII : ASSERT_NO_BOUNDARY);
            return;
        case 'd':
        case 'D':
        case 's':
        case 'S':
        case 'w':
        case 'W': add_category(parser, open_set(parser, false, flags), token, flags); return;
        default: character(parser, source_escape(&parser->source, token, start), flags);
    }
}

void regex_read_simple(Parser *parser, Part *part, Token token, uint32_t start, uint32_t flags) {
    bool by_line = flags & MULTILINE;
    if (token & ESCAPED)
        escape(parser, part, token, start, flags);
    else if (token == '.')
        regex_emit_pair(&parser->writer, OP_ANY, flags & DOTALL ? 1 : 0);
    else if (token == '^')
        assertion(parser, part, by_line ? ASSERT_LINE_START : ASSERT_TEXT_START);
    else if (token == '$')
        assertion(parser, part, by_line ? ASSERT_LINE_END : ASSERT_LAST_LINE_END);
    else if (token == '[')
        read_set(parser, start, flags);
    else
        character(parser, token, flags);
}
