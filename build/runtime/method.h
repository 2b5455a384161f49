/* Methods as values. */

#ifndef MIXER2_METHOD_H
#define MIXER2_METHOD_H

#include "object.h"

extern Type BoundMethod_Type;
extern Type UnboundMethod_Type;
extern Type PyMethod_Type;

/* object.method */
Object *bound_method_new(BoundFunction function, Object *self);
/* Class.method: a callable whose first argument is self. */
Object *unbound_method_new(BoundFunction function);
/* A callable bound to its first argument. */
Object *PyMethod_New(Object *callee, Object *self);

#endif
