/* The object model: what every guest object looks like in linear memory.

   The compiler's back end (mixer2/compiler/layout.py) knows these offsets and lays objects out
   statically, so this file is the contract between the two. Law: offsets never depend on the
   host. mypyc builds its IR for a 64-bit host: sizes and tagged ints are 64 bits wide and
   container slots have a stride of 8 bytes, also on wasm32, where pointers have 4. */

#ifndef MIXER2_OBJECT_H
#define MIXER2_OBJECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef int64_t Py_ssize_t;

/* An int in registers: the value shifted left by one, lowest bit 0. 63 bits; beyond: OverflowError. */
typedef int64_t Tagged;
#define TAGGED_ERROR ((Tagged)1)

/* What functions return on error: NULL, TAGGED_ERROR, or BOOL_ERROR for bool and None. */
#define BOOL_ERROR 2

/* Objects in static data start with this count, and get it again when it has sunk to zero. */
#define IMMORTAL (1u << 30)

typedef struct Type Type;

typedef struct Object {
    uint32_t refcount;
    const Type *type;
} Object;

typedef struct VarObject {
    Object head;
    int64_t size;
} VarObject;

/* UTF-8; a lone surrogate (surrogateescape) is stored as its three-byte form. NUL-terminated.
   ASCII if and only if length == size. Same data offset as Bytes: a buffer that the host filled
   becomes either without a copy. */
typedef struct Str {
    VarObject var;      /* size: bytes */
    uint32_t hash;      /* 0: not computed yet */
    uint32_t length;    /* code points */
    char data[];
} Str;

typedef struct Bytes {
    VarObject var;
    uint32_t hash;
    uint32_t unused;
    char data[];
} Bytes;

typedef struct Int {
    Object head;
    int64_t value;
} Int;

typedef struct Float {
    Object head;
    double value;
} Float;

typedef union Slot {
    Object *object;
    uint64_t stride;
} Slot;

typedef struct Tuple {
    VarObject var;
    Slot items[];
} Tuple;

typedef struct List {
    VarObject var;
    Slot *items;
    uint32_t capacity;
} List;

/* Attributes found by name, for the dynamic cases only; the compiler writes a table for the names
   that a program uses dynamically, and for no others. It ends with name == NULL. A kind is a pair
   of functions, not a number, so that a program carries those kinds that it has. */
typedef struct Attribute Attribute;

typedef struct AttributeKind {
    Object *(*get)(Object *object, const Attribute *attribute); /* NULL without an error: not set */
    int (*set)(Object *object, const Attribute *attribute, Object *value); /* NULL deletes */
    Object *(*get_of_class)(Object *class, const Attribute *attribute);    /* NULL: not on classes */
} AttributeKind;

struct Attribute {
    const Str *name;
    const AttributeKind *kind;
    uintptr_t target;
};

extern const AttributeKind attribute_method;       /* target: BoundFunction; a bound method */
extern const AttributeKind attribute_class_method;  /* target: BoundFunction that takes the class */
extern const AttributeKind attribute_static_method; /* target: BoundFunction that takes anything */
extern const AttributeKind attribute_property;     /* target: Object *(*)(Object *self) */
extern const AttributeKind attribute_settable;     /* target: PropertyFunctions * */
extern const AttributeKind attribute_value;        /* target: Object **, a class attribute's slot */
extern const AttributeKind attribute_field_object; /* target: offset of an Object * in the instance */
extern const AttributeKind attribute_field_int;    /* target: offset of a Tagged */
extern const AttributeKind attribute_field_bool;   /* target: offset of a char */
extern const AttributeKind attribute_field_float;  /* target: offset of a double */

typedef struct PropertyFunctions {
    Object *(*get)(Object *self);
    int (*set)(Object *self, Object *value); /* 0, or -1 with an error */
} PropertyFunctions;

/* Calls with boxed arguments. args[0..count) are positional, then one value per name in
   keyword_names (may be NULL). References are borrowed; the result is new, NULL on error. */
typedef Object *(*Call)(Object *callee, Object *const *args, int64_t count, Tuple *keyword_names);
typedef Object *(*BoundFunction)(Object *self, Object *const *args, int64_t count,
                                 Tuple *keyword_names);

/* The slots from `repr` to `unary` are read by ONE gate function each (named on the right). The
   linker keeps a slot's target only in programs that can reach its gate, and writes NULL
   otherwise: so a program that never prints carries no repr code. Exceptions have a gate of their
   own for `str`: exception_text.

   Functions can be conditional, too: calls of f go to f__otherwise in programs that cannot reach one
   of the functions that layout.py lists for f, because without them f never has anything to do. Gates,
   conditions and conditional functions are never inlined. */
struct Type {
    Object head;
    const char *name;                                        /*  8 */
    const Type *base;                                        /* 12 */
    uint32_t instance_size;                                  /* 16 bytes */
    const uint16_t *references;                              /* 20 offsets of Object * fields, 0 ends */
    const Attribute *attributes;                             /* 24 may be NULL */
    void (*dealloc)(Object *);                               /* 28 frees self and what it refers to */
    Object *(*repr)(Object *);                               /* 32 PyObject_Repr */
    Object *(*str)(Object *);                                /* 36 PyObject_Str */
    int64_t (*hash)(Object *);                               /* 40 PyObject_Hash; -1 error */
    Object *(*compare)(Object *, Object *, int);             /* 44 PyObject_RichCompare; Py_LT.. */
    int (*truth)(Object *);                                  /* 48 PyObject_IsTrue; -1 error */
    int64_t (*length)(Object *);                             /* 52 PyObject_Size; -1 error */
    int (*contains)(Object *, Object *);                     /* 56 PySequence_Contains; -1 error */
    Object *(*get_item)(Object *, Object *);                 /* 60 PyObject_GetItem */
    int (*set_item)(Object *, Object *, Object *);           /* 64 PyObject_SetItem; NULL deletes */
    Object *(*iterate)(Object *);                            /* 68 PyObject_GetIter */
    Object *(*next)(Object *);                               /* 72 PyIter_Next; NULL: end or error */
    Call call;                                               /* 76 PyObject_Vectorcall */
    Object *(*binary)(Object *, Object *, int);              /* 80 object_binary; BinaryOperator */
    Object *(*unary)(Object *, int);                         /* 84 object_unary */
    Object *(*format)(Object *, Str *);                      /* 88 PyObject_Format */
    Object *(*create)(const Type *, Object *const *, int64_t, Tuple *); /* 92 type_call: C(...) */
    uint32_t flags;                                          /* 96 TYPE_* */
    const char *module;                                      /* 100 NULL: built-in */
    void *vtable[];                                          /* 104 native methods, by the compiler */
};

#define TYPE_IS_EXCEPTION 1u
#define TYPE_IS_SEQUENCE 2u   /* for `match`: list, tuple, range */
#define TYPE_IS_MAPPING 4u    /* for `match`: dict */
#define TYPE_IS_INT 16u       /* int, bool, and enums of ints */
#define TYPE_IS_ENUM 32u
#define TYPE_IS_STR_ENUM 4096u
#define TYPE_CONCATENATES 8u  /* + and * on failure speak of concatenation and repetition */
#define TYPE_IS_BYTEARRAY 64u
#define TYPE_IS_VIEW 1024u    /* a memoryview of bytes side by side, laid out as a bytearray is */
#define TYPE_STANDS_FOR_BASE 2048u /* no type of its own to programs */
/* Where the references of an object are that its type does not list: cycles.c. */
#define TYPE_IS_TUPLE 128u
#define TYPE_IS_LIST 256u
#define TYPE_IS_TABLE 512u    /* dict, set, frozenset */

/* Raised and caught objects. `attributes` holds what a subclass's methods set on self. */
typedef struct Exception {
    Object head;
    Tuple *args;
    Object *attributes;         /* dict or NULL */
    Object *cause;              /* `raise ... from`; NULL: none */
    Object *context;            /* being handled when this was raised; NULL: none */
    Object *traceback;          /* internal list of sites, innermost first; NULL: none */
    bool suppress_context;
} Exception;

/* The function whose code an exception passed; the compiler lays these out statically. */
typedef struct Scope {
    const char *file;
    const char *function;
} Scope;

#define INCREF(object) ((void)(((Object *)(object))->refcount++))
void mixer2_dealloc(Object *);
#define DECREF(object)                                                     \
    do {                                                                   \
        Object *decref_ = (Object *)(object);                              \
        if (--decref_->refcount == 0) mixer2_dealloc(decref_);             \
    } while (0)
#define XDECREF(object)                                                    \
    do {                                                                   \
        Object *xdecref_ = (Object *)(object);                             \
        if (xdecref_ && --xdecref_->refcount == 0) mixer2_dealloc(xdecref_); \
    } while (0)

#endif
