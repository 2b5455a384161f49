/* Running a regular expression: all its threads side by side, a character at a time.

   A thread is a place in the program, and the slots that it has filled. Threads are in the order
   that a backtracking matcher would try them, and no two are in one state: so the first to arrive is
   what CPython finds, and the time is that of the text's length times the program's, whatever both
   are. Source: R. Pike's sam; R. Cox, Regular Expression Matching: the Virtual Machine Approach.

   A loop whose body can match nothing ends after an iteration that did, as in CPython. Whether a
   thread's iteration has moved is a part of its state: `moved` says how many of the nested loops it
   is in, from the outermost, have. */

#include "regex.h"

#include "bytes.h"
#include "none.h"
#include "str.h"
#include "tagged.h"
#include "utf8.h"

#define UNSET UINT32_MAX
#define TARGET_MASK 0x7fffffffu

typedef enum Mode { MODE_SEARCH, MODE_MATCH, MODE_FULL_MATCH } Mode;

/* What `follow` comes back to: another place, or a slot's old value. */
typedef struct Job {
    uint32_t target; /* a place; or RESTORE plus a slot */
    uint32_t value;  /* moved; or what was in the slot */
} Job;
#define RESTORE 0x80000000u

typedef struct Threads {
    uint32_t *items; /* for each: place, moved, slots */
    uint32_t count;
} Threads;

typedef struct Machine {
    const uint32_t *code;
    const char *data;
    uint32_t end;
    bool is_text;
    uint32_t slot_count;
    uint32_t depth;
    uint32_t *marks;  /* by state: the generation that visited it */
    uint32_t generation;
    uint32_t *slots;  /* of the thread that `follow` is about */
    Job *jobs;
    Threads now;
    Threads next;
} Machine;

static uint32_t character_at(const Machine *machine, uint32_t place, uint32_t *width) {
    uint8_t byte = (uint8_t)machine->data[place];
    *width = 1;
    if (byte < 0x80 || !machine->is_text) return byte;
    const char *at = machine->data + place;
    uint32_t code_point = utf8_next(&at);
    *width = (uint32_t)(at - machine->data) - place;
    return code_point;
}

static bool word_before(const Machine *machine, uint32_t place, bool ascii) {
    if (!place) return false;
    const char *at = machine->data + place;
    uint32_t c = machine->is_text ? utf8_previous(&at) : (uint8_t)at[-1];
    return regex_is_word(c, ascii || !machine->is_text);
}

static bool word_after(const Machine *machine, uint32_t place, bool ascii) {
    uint32_t width;
    if (place >= machine->end) return false;
    return regex_is_word(character_at(machine, place, &width), ascii || !machine->is_text);
}

static bool holds(const Machine *machine, RegexAssertion assertion, uint32_t place) {
    const char *data = machine->data;
    uint32_t end = machine->end;
    switch (assertion) {
        case ASSERT_TEXT_START: return place == 0;
        case ASSERT_LINE_START: return place == 0 || data[place - 1] == '\n';
        case ASSERT_TEXT_END: return place == end;
        case ASSERT_LAST_LINE_END:
            return place == end || (place + 1 == end && data[place] == '\n');
        case ASSERT_LINE_END: return place == end || data[place] == '\n';
        default: break;
    }
    /* Neither holds in the empty text, as in CPython 3.11. */
    if (end == 0) return false;
    bool ascii = assertion >= ASSERT_BOUNDARY_ASCII;
    bool found = word_before(machine, place, ascii) != word_after(machine, place, ascii);
    return found == (assertion == ASSERT_BOUNDARY || assertion == ASSERT_BOUNDARY_ASCII);
}

static uint32_t *add_thread(const Machine *machine, Threads *threads, uint32_t place,
                            uint32_t moved) {
    uint32_t *thread = threads->items + threads->count++ * (2 + machine->slot_count);
    thread[0] = place;
    thread[1] = moved;
    memcpy(thread + 2, machine->slots, machine->slot_count * sizeof(uint32_t));
    return thread;
}

static Job *save(Machine *machine, Job *top, uint32_t slot, uint32_t value) {
    *top = (Job){RESTORE | slot, machine->slots[slot]};
    machine->slots[slot] = value;
    return top + 1;
}

/* Adds the threads that wait for a character, or match, from `place` in the program on. */
static void follow(Machine *machine, Threads *threads, uint32_t place, uint32_t moved,
                   uint32_t at) {
    const uint32_t *code = machine->code;
    Job *top = machine->jobs;
    for (;;) {
        uint32_t *mark = &machine->marks[place * (machine->depth + 1) + moved];
        bool goes_on = *mark != machine->generation;
        *mark = machine->generation;
        if (goes_on) {
            const uint32_t *words = code + place;
            switch ((RegexOp)words[0]) {
                case OP_JUMP:
                    place = words[1];
                    break;
                case OP_SPLIT:
                    *top++ = (Job){words[2], moved};
                    place = words[1];
                    break;
                case OP_SAVE:
                    top = save(machine, top, words[1], at);
                    place += 2;
                    break;
                case OP_LAST:
                    top = save(machine, top, machine->slot_count - 1, words[1]);
                    place += 2;
                    break;
                case OP_ENTER:
                    if (moved >= words[1]) moved = words[1] - 1;
                    place += 2;
                    break;
                case OP_REPEAT:
                    place = words[3];
                    if (moved < words[1]) break;
                    *top++ = (Job){words[words[4] ? 2 : 3], moved};
                    place = words[words[4] ? 3 : 2];
                    break;
                case OP_ASSERT:
                    goes_on = holds(machine, (RegexAssertion)words[1], at);
                    place += 2;
                    break;
                default:
                    add_thread(machine, threads, place, moved);
                    goes_on = false;
            }
        }
        while (!goes_on) {
            if (top == machine->jobs) return;
            Job job = *--top;
            if (job.target & RESTORE) {
                machine->slots[job.target & TARGET_MASK] = job.value;
            } else {
                place = job.target;
                moved = job.value;
                goes_on = true;
            }
        }
    }
}

/* All threads of `now` take the character at `at`. Returns whether one of them has matched before
   it; its slots are then in `found`, and the threads behind it are gone. */
static bool step(Machine *machine, uint32_t at, uint32_t no_match_at, bool to_end, uint32_t *found,
                 uint32_t *width) {
    const uint32_t *code = machine->code;
    uint32_t slot_count = machine->slot_count, c = 0;
    bool is_end = at >= machine->end;
    *width = 1;
    if (!is_end) c = character_at(machine, at, width);
    machine->next.count = 0;
    machine->generation++;
    const uint32_t *thread = machine->now.items;
    for (uint32_t i = 0; i < machine->now.count; i++, thread += 2 + slot_count) {
        const uint32_t *words = code + thread[0];
        if (*words == OP_MATCH) {
            if (at == no_match_at || (to_end && !is_end)) continue;
            memcpy(found, thread + 2, slot_count * sizeof(uint32_t));
            return true;
        }
        if (is_end) continue;
        if (*words == OP_CHAR && words[2] == FOLD_NONE ? words[1] == c : regex_accepts(words, c)) {
            memcpy(machine->slots, thread + 2, slot_count * sizeof(uint32_t));
            follow(machine, &machine->next, thread[0] + regex_width(words), machine->depth,
                   at + *width);
        }
    }
    return false;
}

static uint32_t skip_to_start(const Machine *machine, const uint32_t *first, uint32_t at) {
    for (; at < machine->end; at++) {
        uint8_t byte = (uint8_t)machine->data[at];
        if (first[byte >> 5] >> (byte & 31) & 1) break;
    }
    return at;
}

/* Fills `found` with the slots of the match that starts at `start`, or at or behind it. */
static bool run(Machine *machine, const uint32_t *header, uint32_t start, Mode mode,
                uint32_t no_match_at, uint32_t *found) {
    bool matched = false;
    bool searches = mode == MODE_SEARCH && !(header[REGEX_FLAGS] & REGEX_ANCHORED);
    for (uint32_t at = start, width;; at += width) {
        if (!matched && (at == start || searches)) {
            if (!machine->now.count) {
                machine->generation++;
                if (searches && header[REGEX_FLAGS] & REGEX_STARTS)
                    at = skip_to_start(machine, header + REGEX_FIRST, at);
            }
            memset(machine->slots, 0xff, machine->slot_count * sizeof(uint32_t));
            follow(machine, &machine->now, 0, machine->depth, at);
        }
        if (!machine->now.count && !searches) return matched;
        if (step(machine, at, no_match_at, mode == MODE_FULL_MATCH, found, &width)) {
            matched = true;
            searches = false;
        }
        if (at >= machine->end) return matched;
        Threads next = machine->now;
        machine->now = machine->next;
        machine->next = next;
    }
}

static const char *data_of(const Object *text, uint32_t *size) {
    *size = (uint32_t)((const VarObject *)text)->size;
    return is_any_str(text) ? ((const Str *)text)->data : ((const Bytes *)text)->data;
}

/* pystd._regex_engine.find */
Object *native__pystd___regex_engine__find(Bytes *program, Object *text, Tagged start, Tagged end,
                                           Tagged mode, char not_empty) {
    const uint32_t *header = (const uint32_t *)program->data;
    uint32_t slot_count = header[REGEX_SLOTS], depth = header[REGEX_DEPTH];
    uint32_t words = (uint32_t)program->var.size / sizeof(uint32_t) - REGEX_HEADER;
    uint32_t states = words * (depth + 1);
    uint32_t list = header[REGEX_THREADS] * (2 + slot_count), from = (uint32_t)tagged_value(start);
    uint32_t size;
    Bytes *found = bytes_reserve(slot_count * sizeof(uint32_t));
    uint32_t *block =
        mixer2_alloc((states + slot_count + 2 * list) * sizeof(uint32_t) + states * sizeof(Job));
    memset(block, 0, states * sizeof(uint32_t));
    Machine machine = {
        .code = header + REGEX_HEADER,
        .data = data_of(text, &size),
        .end = (uint32_t)tagged_value(end),
        .is_text = header[REGEX_FLAGS] & REGEX_TEXT,
        .slot_count = slot_count,
        .depth = depth,
        .marks = block,
        .slots = block + states,
        .now = {block + states + slot_count, 0},
        .next = {block + states + slot_count + list, 0},
        .jobs = (Job *)(block + states + slot_count + 2 * list),
    };
    bool matched = run(&machine, header, from, (Mode)tagged_value(mode), not_empty ? from : UNSET,
                       (uint32_t *)found->data);
    mixer2_free(block);
    if (matched) return (Object *)found;
    DECREF(found);
    return none_new_reference();
}

static uint32_t slot(const Bytes *slots, Tagged number) {
    return ((const uint32_t *)slots->data)[tagged_value(number)];
}

Tagged native__pystd___regex_engine__byte_place(Bytes *slots, Tagged number) {
    uint32_t place = slot(slots, number);
    return tagged_from(place == UNSET ? -1 : (int64_t)place);
}

Tagged native__pystd___regex_engine__place(Object *text, Bytes *slots, Tagged number) {
    uint32_t place = slot(slots, number);
    if (place == UNSET) return tagged_from(-1);
    if (is_any_str(text) && !str_is_ascii((Str *)text)) place = utf8_count(((Str *)text)->data, place);
    return tagged_from(place);
}

/* An index as slices take it, but never from the end: the byte that it stands for. */
Tagged native__pystd___regex_engine__byte_index(Object *text, Tagged index) {
    uint32_t size;
    const char *data = data_of(text, &size);
    int64_t value = tagged_value(index);
    int64_t length = is_any_str(text) ? ((Str *)text)->length : size;
    if (value <= 0) return tagged_from(0);
    if (value >= length) return tagged_from(size);
    return tagged_from(length == size ? value : utf8_offset(data, (uint32_t)value));
}

/* The text between two bytes. */
Object *native__pystd___regex_engine__part(Object *text, Tagged start, Tagged end) {
    uint32_t from = (uint32_t)tagged_value(start), to = (uint32_t)tagged_value(end);
    if (is_any_str(text)) return (Object *)str_slice_bytes((Str *)text, from, to);
    return (Object *)bytes_new(((Bytes *)text)->data + from, to - from);
}

/* What a group has matched, or None. */
Object *native__pystd___regex_engine__group(Object *text, Bytes *slots, Tagged number) {
    Tagged start = tagged_from(2 * tagged_value(number));
    if (slot(slots, start) == UNSET) return none_new_reference();
    return native__pystd___regex_engine__part(text, tagged_from(slot(slots, start)),
                                              tagged_from(slot(slots, start + 2)));
}
