/* The built-in exception classes, each a data symbol of its own. */

#ifndef MIXER2_EXCEPTIONS_H
#define MIXER2_EXCEPTIONS_H

#include "object.h"

extern Type Exc_BaseException_Type;
extern Type Exc_GeneratorExit_Type;
extern Type Exc_KeyboardInterrupt_Type;
extern Type Exc_SystemExit_Type;
extern Type Exc_Exception_Type;
extern Type Exc_StopIteration_Type;
extern Type Exc_StopAsyncIteration_Type;
extern Type Exc_ArithmeticError_Type;
extern Type Exc_FloatingPointError_Type;
extern Type Exc_OverflowError_Type;
extern Type Exc_ZeroDivisionError_Type;
extern Type Exc_AssertionError_Type;
extern Type Exc_AttributeError_Type;
extern Type Exc_BufferError_Type;
extern Type Exc_EOFError_Type;
extern Type Exc_ImportError_Type;
extern Type Exc_ModuleNotFoundError_Type;
extern Type Exc_LookupError_Type;
extern Type Exc_IndexError_Type;
extern Type Exc_KeyError_Type;
extern Type Exc_MemoryError_Type;
extern Type Exc_NameError_Type;
extern Type Exc_UnboundLocalError_Type;
extern Type Exc_OSError_Type;
extern Type Exc_ConnectionError_Type;
extern Type Exc_TimeoutError_Type;
extern Type Exc_PermissionError_Type;
extern Type Exc_RuntimeError_Type;
extern Type Exc_NotImplementedError_Type;
extern Type Exc_RecursionError_Type;
extern Type Exc_TypeError_Type;
extern Type Exc_ValueError_Type;
extern Type Exc_UnicodeError_Type;
extern Type Exc_UnicodeDecodeError_Type;
extern Type Exc_UnicodeEncodeError_Type;
extern Type Exc_Warning_Type;
extern Type Exc_DeprecationWarning_Type;
extern Type Exc_RuntimeWarning_Type;
extern Type Exc_UserWarning_Type;

#endif
