/* Functions that run rarely, as the linker writes them (mixer2/compiler/link/bytecode.py). */

#pragma once

#include <stdint.h>

/* A parameter, local or operand: an i32 in the lower half, whatever the upper holds; an i64; an f64's bits. */
typedef uint64_t Value;

/* Calls the function in a slot of the table with the operands on top; returns where the operands end now. */
typedef Value *CallFunction(uint32_t slot, uint32_t type, Value *end);

/* Whom bytecode calls: a function in a slot of the table and the number of its type, or bytecode at a place. */
typedef struct {
    uint32_t place, type;
} Callee;

enum { BYTECODE = 0xffffffff };

/* The first is a CallFunction. */
extern Callee bytecode_callees[];

/* Runs a function of bytecode. Its arguments lie at `arguments`, and there it leaves its result. */
void bytecode_run(const uint8_t *function, Value *arguments);
