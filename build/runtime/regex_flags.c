/* Flags in groups: (?i) and (?i-s:...). */

#include "regex_parser.h"

uint32_t regex_flag_of(Token token) {
    static const char letters[] = "iLmsux";
    if (token == 'a') return ASCII;
    for (uint32_t i = 0; letters[i]; i++)
        if (token == (uint8_t)letters[i]) return IGNORECASE << i;
    return 0;
}

/* The flag of a token that begins at `start`; 0 when it is none, which is refused. */
static uint32_t expect_flag(Source *source, Token token, uint32_t start, const char *missing) {
    uint32_t flag = regex_flag_of(token);
    if (!flag) source_refuse(source, start, is_alphabetic_token(token) ? "unknown flag" : missing);
    return flag;
}

static uint32_t added_flag(Source *source, uint32_t added, uint32_t flag) {
    uint32_t place = source_place(source);
    if (flag == LOCALE && source->is_text)
        source_refuse(source, place,
                      "bad inline flags: cannot use 'L' flag with a str pattern");
    if (flag == UNICODE && !source->is_text)
        source_refuse(source, place,
                      "bad inline flags: cannot use 'u' flag with a bytes pattern");
    added |= flag;
    if (flag & TYPE_FLAGS && (added & TYPE_FLAGS) != flag)
        source_refuse(source, place,
                      "bad inline flags: flags 'a', 'u' and 'L' are incompatible");
    return added;
}

bool regex_read_flags(Parser *parser, Token token, uint32_t *flags) {
    static const char missing[] = "missing -, : or )";
    Source *source = &parser->source;
    uint32_t added = 0, removed = 0, start = 0;
    while (!is_one_of(token, "-:)") && !source->is_refused) {
        added = added_flag(source, added, expect_flag(source, token, start, missing));
        start = source_place(source);
        token = source_get(source);
        if (token == NO_TOKEN) source_refuse(source, start, missing);
    }
    if (token == ')') {
        parser->flags |= added;
        return false;
    }
    const char *problem = "missing flag";
    while (token != ':' && !source->is_refused) {
        start = source_place(source);
        token = source_get(source);
        if (token == NO_TOKEN) source_refuse(source, start, problem);
        if (token == ':' && removed) break;
        uint32_t flag = expect_flag(source, token, start, problem);
        if (flag & TYPE_FLAGS)
            source_refuse(source, source_place(source),
                          "bad inline flags: cannot turn off flags 'a', 'u' and 'L'");
        removed |= flag;
        problem = "missing :";
    }
    if (added & removed)
        source_refuse(source, source_place(source) - 1,
                      "bad inline flags: flag turned on and off");
    if (added & TYPE_FLAGS) *flags &= ~(uint32_t)TYPE_FLAGS;
    *flags = (*flags | added) & ~removed;
    return true;
}
