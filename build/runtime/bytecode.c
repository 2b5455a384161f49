/* Instructions are WebAssembly's, with its opcodes, on a stack of 64-bit values. What differs:
 *
 * - a function begins with the number of its parameters (plus HAS_RESULT), of its other locals, and of operands
 *   at most;
 * - `block`, `loop`, `else` and `end` are gone, branches are jumps to two bytes' offset from the first
 *   instruction: JUMP, JUMP_IF, JUMP_UNLESS, and those that first drop operands below the topmost;
 * - loads and stores have no alignment, calls the number of a callee or a type.
 */

#include "bytecode.h"

enum {
    RETURN_NOTHING = 0x02,
    JUMP_UNLESS = 0x04,
    DROP_BELOW = 0x05,
    DROP_ALL = 0x06,
    JUMP = 0x0c,
    JUMP_IF = 0x0d,
    JUMP_BY_TABLE = 0x0e,
    RETURN = 0x0f,
    CALL = 0x10,
    CALL_INDIRECT = 0x11,
    DROP = 0x1a,
    SELECT = 0x1b,
    LOCAL_GET = 0x20,
    LOCAL_SET = 0x21,
    LOCAL_TEE = 0x22,
    GLOBAL_GET = 0x23,
    GLOBAL_SET = 0x24,
    FIRST_LOAD = 0x28,
    FIRST_STORE = 0x36,
    LAST_STORE = 0x3e,
    I32_CONST = 0x41,
    I64_CONST = 0x42,
    F64_CONST = 0x44,
    MEMORY_COPY = 0xfc,
    MEMORY_FILL = 0xfd,
};

enum { HAS_RESULT = 0x80 };

static uint32_t unsigned_number(const uint8_t **at) {
    uint32_t value = 0;
    for (uint32_t shift = 0;; shift += 7) {
        uint8_t byte = *(*at)++;
        value |= (uint32_t)(byte & 0x7f) << shift;
        if (byte < 0x80) return value;
    }
}

static uint64_t signed_number(const uint8_t **at) {
    uint64_t value = 0;
    uint32_t shift = 0;
    uint8_t byte;
    do {
        byte = *(*at)++;
        value |= (uint64_t)(byte & 0x7f) << shift;
        shift += 7;
    } while (byte & 0x80);
    if (byte & 0x40 && shift < 64) value |= ~(uint64_t)0 << shift;
    return value;
}

static uint32_t offset(const uint8_t *at) { return at[0] | (uint32_t)at[1] << 8; }

static double number(Value value) {
    double found;
    __builtin_memcpy(&found, &value, sizeof found);
    return found;
}

static Value of_number(double value) {
    Value found;
    __builtin_memcpy(&found, &value, sizeof found);
    return found;
}

static uint32_t stack_pointer(void) {
    uint32_t found;
    __asm__(".globaltype __stack_pointer, i32\n\tglobal.get __stack_pointer\n\tlocal.set %0" : "=r"(found));
    return found;
}

static void set_stack_pointer(uint32_t value) {
    __asm__ volatile(".globaltype __stack_pointer, i32\n\tlocal.get %0\n\tglobal.set __stack_pointer"
                     :
                     : "r"(value));
}

static Value *call(uint32_t slot, uint32_t type, Value *end) {
    return ((CallFunction *)(uintptr_t)bytecode_callees[0].place)(slot, type, end);
}

#define AT(type, address) (*(type *)(uintptr_t)(address))

static Value load(uint8_t opcode, uint32_t address) {
    switch (opcode) {
        case 0x28:
        case 0x35: return AT(uint32_t, address);
        case 0x29:
        case 0x2b: return AT(uint64_t, address);
        case 0x2c: return (uint32_t)AT(int8_t, address);
        case 0x2d:
        case 0x31: return AT(uint8_t, address);
        case 0x2e: return (uint32_t)AT(int16_t, address);
        case 0x2f:
        case 0x33: return AT(uint16_t, address);
        case 0x30: return (uint64_t)AT(int8_t, address);
        case 0x32: return (uint64_t)AT(int16_t, address);
        case 0x34: return (uint64_t)AT(int32_t, address);
        default: __builtin_trap();
    }
}

static void store(uint8_t opcode, uint32_t address, Value value) {
    switch (opcode) {
        case 0x36:
        case 0x3e: AT(uint32_t, address) = (uint32_t)value; return;
        case 0x37:
        case 0x39: AT(uint64_t, address) = value; return;
        case 0x3a:
        case 0x3c: AT(uint8_t, address) = (uint8_t)value; return;
        case 0x3b:
        case 0x3d: AT(uint16_t, address) = (uint16_t)value; return;
        default: __builtin_trap();
    }
}

#define A32 ((uint32_t)end[-1])
#define B32 ((uint32_t)end[0])
#define A64 (end[-1])
#define B64 (end[0])
#define A_NUMBER number(end[-1])
#define B_NUMBER number(end[0])

#define UNARY(opcode, result) \
    case opcode: end[-1] = (result); break;
#define BINARY(opcode, result) \
    case opcode: \
        end--; \
        end[-1] = (result); \
        break;

void bytecode_run(const uint8_t *at, Value *arguments) {
    uint32_t parameters = *at++ & ~HAS_RESULT;
    uint32_t locals = parameters + unsigned_number(&at);
    uint32_t operands = unsigned_number(&at);
    const uint8_t *first = at;
    Value frame[locals + operands];
    Value *end = frame + locals;
    for (uint32_t i = 0; i < locals; i++) frame[i] = i < parameters ? arguments[i] : 0;
    for (;;) {
        uint8_t opcode = *at++;
        if (opcode >= FIRST_LOAD && opcode <= LAST_STORE) {
            uint32_t further = unsigned_number(&at);
            if (opcode < FIRST_STORE) {
                end[-1] = load(opcode, A32 + further);
            } else {
                end -= 2;
                store(opcode, (uint32_t)end[0] + further, end[1]);
            }
            continue;
        }
        switch (opcode) {
            case JUMP_UNLESS:
            case JUMP_IF:
                end--;
                at = ((uint32_t)*end != 0) == (opcode == JUMP_IF) ? first + offset(at) : at + 2;
                break;
            case DROP_BELOW: {
                uint32_t dropped = unsigned_number(&at);
                end -= dropped;
                end[-1] = end[dropped - 1];
                break;
            }
            case DROP_ALL: end -= unsigned_number(&at); break;
            case JUMP: at = first + offset(at); break;
            case JUMP_BY_TABLE: {
                uint32_t last = unsigned_number(&at);
                uint32_t chosen = (uint32_t)*--end;
                at = first + offset(at + 2 * (chosen < last ? chosen : last));
                break;
            }
            case RETURN_NOTHING: return;
            case RETURN: arguments[0] = end[-1]; return;
            case CALL: {
                const Callee *callee = &bytecode_callees[unsigned_number(&at)];
                if (callee->type == BYTECODE) {
                    const uint8_t *function = (const uint8_t *)(uintptr_t)callee->place;
                    end -= *function & ~HAS_RESULT;
                    bytecode_run(function, end);
                    if (*function & HAS_RESULT) end++;
                } else {
                    end = call(callee->place, callee->type, end);
                }
                break;
            }
            case CALL_INDIRECT: {
                uint32_t type = unsigned_number(&at);
                end--;
                end = call((uint32_t)*end, type, end);
                break;
            }
            case DROP: end--; break;
            case SELECT:
                end -= 2;
                if (!(uint32_t)end[1]) end[-1] = end[0];
                break;
            case LOCAL_GET: *end++ = frame[unsigned_number(&at)]; break;
            case LOCAL_SET: frame[unsigned_number(&at)] = *--end; break;
            case LOCAL_TEE: frame[unsigned_number(&at)] = end[-1]; break;
            case GLOBAL_GET: *end++ = stack_pointer(); break;
            case GLOBAL_SET: set_stack_pointer((uint32_t)*--end); break;
            case I32_CONST:
            case I64_CONST: *end++ = signed_number(&at); break;
            case F64_CONST:
                *end++ = AT(uint64_t, at);
                at += sizeof(double);
                break;
            UNARY(0x45, A32 == 0)
            BINARY(0x46, A32 == B32)
            BINARY(0x47, A32 != B32)
            BINARY(0x48, (int32_t)A32 < (int32_t)B32)
            BINARY(0x49, A32 < B32)
            BINARY(0x4a, (int32_t)A32 > (int32_t)B32)
            BINARY(0x4b, A32 > B32)
            BINARY(0x4c, (int32_t)A32 <= (int32_t)B32)
            BINARY(0x4d, A32 <= B32)
            BINARY(0x4e, (int32_t)A32 >= (int32_t)B32)
            BINARY(0x4f, A32 >= B32)
            UNARY(0x50, A64 == 0)
            BINARY(0x51, A64 == B64)
            BINARY(0x52, A64 != B64)
            BINARY(0x53, (int64_t)A64 < (int64_t)B64)
            BINARY(0x54, A64 < B64)
            BINARY(0x55, (int64_t)A64 > (int64_t)B64)
            BINARY(0x56, A64 > B64)
            BINARY(0x57, (int64_t)A64 <= (int64_t)B64)
            BINARY(0x58, A64 <= B64)
            BINARY(0x59, (int64_t)A64 >= (int64_t)B64)
            BINARY(0x5a, A64 >= B64)
            BINARY(0x61, A_NUMBER == B_NUMBER)
            BINARY(0x62, A_NUMBER != B_NUMBER)
            BINARY(0x63, A_NUMBER < B_NUMBER)
            BINARY(0x64, A_NUMBER > B_NUMBER)
            BINARY(0x65, A_NUMBER <= B_NUMBER)
            BINARY(0x66, A_NUMBER >= B_NUMBER)
            BINARY(0x6a, A32 + B32)
            BINARY(0x6b, A32 - B32)
            BINARY(0x6c, A32 * B32)
            BINARY(0x6d, (uint32_t)((int32_t)A32 / (int32_t)B32))
            BINARY(0x6e, A32 / B32)
            BINARY(0x6f, (uint32_t)((int32_t)A32 % (int32_t)B32))
            BINARY(0x70, A32 % B32)
            BINARY(0x71, A32 & B32)
            BINARY(0x72, A32 | B32)
            BINARY(0x73, A32 ^ B32)
            BINARY(0x74, A32 << (B32 & 31))
            BINARY(0x75, (uint32_t)((int32_t)A32 >> (B32 & 31)))
            BINARY(0x76, A32 >> (B32 & 31))
            BINARY(0x7c, A64 + B64)
            BINARY(0x7d, A64 - B64)
            BINARY(0x7e, A64 * B64)
            BINARY(0x7f, (uint64_t)((int64_t)A64 / (int64_t)B64))
            BINARY(0x80, A64 / B64)
            BINARY(0x81, (uint64_t)((int64_t)A64 % (int64_t)B64))
            BINARY(0x82, A64 % B64)
            BINARY(0x83, A64 & B64)
            BINARY(0x84, A64 | B64)
            BINARY(0x85, A64 ^ B64)
            BINARY(0x86, A64 << (B64 & 63))
            BINARY(0x87, (uint64_t)((int64_t)A64 >> (B64 & 63)))
            BINARY(0x88, A64 >> (B64 & 63))
            UNARY(0x9a, A64 ^ (uint64_t)1 << 63)
            BINARY(0xa0, of_number(A_NUMBER + B_NUMBER))
            BINARY(0xa1, of_number(A_NUMBER - B_NUMBER))
            BINARY(0xa2, of_number(A_NUMBER * B_NUMBER))
            BINARY(0xa3, of_number(A_NUMBER / B_NUMBER))
            case 0xa7: /* Wrapping is taking the lower half. */
            case 0xbd:
            case 0xbf: break;
            UNARY(0xac, (uint64_t)(int32_t)A32)
            UNARY(0xad, A32)
            UNARY(0xb7, of_number((int32_t)A32))
            UNARY(0xb9, of_number((double)(int64_t)A64))
            UNARY(0xc0, (uint32_t)(int8_t)A32)
            UNARY(0xc1, (uint32_t)(int16_t)A32)
            UNARY(0xc2, (uint64_t)(int8_t)A64)
            UNARY(0xc4, (uint64_t)(int32_t)A64)
            case MEMORY_COPY:
                end -= 3;
                __builtin_memmove((void *)(uintptr_t)end[0], (void *)(uintptr_t)end[1], (uint32_t)end[2]);
                break;
            case MEMORY_FILL:
                end -= 3;
                __builtin_memset((void *)(uintptr_t)end[0], (int)end[1], (uint32_t)end[2]);
                break;
            default: __builtin_trap();
        }
    }
}
