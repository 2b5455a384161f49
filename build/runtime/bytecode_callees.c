/* The linker puts its own table here (mixer2/compiler/link/bytecode_calls.py). */

#include "bytecode.h"

Callee bytecode_callees[1] = {{0, 0}};
