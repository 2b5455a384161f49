/* Constant frozensets (`x in {1, 2}`): made once, when they are first used. */

#include "set.h"
#include "tuple.h"

typedef struct SetLiteral {
    Object *set;
    Object *items; /* a tuple */
} SetLiteral;

/* Borrowed: the literal keeps it. */
Object *frozenset_literal(SetLiteral *literal) {
    if (!literal->set) literal->set = PyFrozenSet_New(literal->items);
    return literal->set;
}
