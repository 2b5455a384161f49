/* The built-in exception classes of CPython that guest code can meet. */

#include "exceptions.h"

#include "errors.h"
#include "exception_text.h"
#include "generic.h"
#include "memory.h"
#include "none.h"

static const uint16_t exception_references[] = {
    offsetof(Exception, args),    offsetof(Exception, attributes), offsetof(Exception, cause),
    offsetof(Exception, context), offsetof(Exception, traceback),  0,
};

#define EXCEPTION_WITH_TEXT(name_, base_, text_)  \
    Type Exc_##name_##_Type = {                   \
        .head = STATIC_HEAD(&PyType_Type),        \
        .name = #name_,                           \
        .base = base_,                            \
        .instance_size = sizeof(Exception),       \
        .references = exception_references,       \
        .dealloc = instance_dealloc,              \
        .repr = exception_repr,                   \
        .str = text_,                             \
        .hash = object_identity_hash,             \
        .create = exception_create,               \
        .flags = TYPE_IS_EXCEPTION,               \
    };

#define EXCEPTION(name, base) EXCEPTION_WITH_TEXT(name, &Exc_##base##_Type, exception_str)

EXCEPTION_WITH_TEXT(BaseException, &PyBaseObject_Type, exception_str)
EXCEPTION(GeneratorExit, BaseException)
EXCEPTION(KeyboardInterrupt, BaseException)
EXCEPTION(SystemExit, BaseException)
EXCEPTION(Exception, BaseException)
EXCEPTION(StopIteration, Exception)
EXCEPTION(StopAsyncIteration, Exception)
EXCEPTION(ArithmeticError, Exception)
EXCEPTION(FloatingPointError, ArithmeticError)
EXCEPTION(OverflowError, ArithmeticError)
EXCEPTION(ZeroDivisionError, ArithmeticError)
EXCEPTION(AssertionError, Exception)
EXCEPTION(AttributeError, Exception)
EXCEPTION(BufferError, Exception)
EXCEPTION(EOFError, Exception)
EXCEPTION(ImportError, Exception)
EXCEPTION(ModuleNotFoundError, ImportError)
EXCEPTION(LookupError, Exception)
EXCEPTION(IndexError, LookupError)
EXCEPTION_WITH_TEXT(KeyError, &Exc_LookupError_Type, key_error_str)
EXCEPTION(MemoryError, Exception)
EXCEPTION(NameError, Exception)
EXCEPTION(UnboundLocalError, NameError)
EXCEPTION_WITH_TEXT(OSError, &Exc_Exception_Type, os_error_str)
EXCEPTION_WITH_TEXT(ConnectionError, &Exc_OSError_Type, os_error_str)
EXCEPTION_WITH_TEXT(TimeoutError, &Exc_OSError_Type, os_error_str)
EXCEPTION_WITH_TEXT(PermissionError, &Exc_OSError_Type, os_error_str)
EXCEPTION(RuntimeError, Exception)
EXCEPTION(NotImplementedError, RuntimeError)
EXCEPTION(RecursionError, RuntimeError)
EXCEPTION(TypeError, Exception)
EXCEPTION(ValueError, Exception)
EXCEPTION(UnicodeError, ValueError)
EXCEPTION_WITH_TEXT(UnicodeDecodeError, &Exc_UnicodeError_Type, unicode_decode_error_str)
EXCEPTION_WITH_TEXT(UnicodeEncodeError, &Exc_UnicodeError_Type, unicode_encode_error_str)
EXCEPTION(Warning, Exception)
EXCEPTION(DeprecationWarning, Warning)
EXCEPTION(RuntimeWarning, Warning)
EXCEPTION(UserWarning, Warning)
