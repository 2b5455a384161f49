/* Reference cycles, found by trial deletion.

   Counting references never frees objects that refer to each other. The compiler knows which classes
   can be part of a cycle (frontend/cycles.py): their instances stand in a list, from which the
   collector takes its candidates. It looks at some candidates and at what they refer to, takes off
   each count the references that come from within this set, and whatever is then held by nobody
   outside, nor by anything that is, is garbage: its fields are emptied, and counting does the rest.

   Laws: any set of objects gives a right answer, since a reference from outside the set keeps an
   object alive; so one step may look at as few as it likes. A program without such classes has none of
   this: the two functions that collect are conditional (object.h) on `tracked_new`. */

#ifndef MIXER2_CYCLES_H
#define MIXER2_CYCLES_H

#include "object.h"

/* A zeroed instance with one reference, of a class that can be part of a cycle; NULL with MemoryError. */
Object *tracked_new(const Type *type);

/* Type.dealloc of such classes. */
void tracked_dealloc(Object *self);

/* One bounded step, when enough instances were made since the last one. The compiler puts a call at
   the end of the callbacks in which streams end and ticks come. */
void collect_some_cycles(void);

/* Every cycle. */
void collect_all_cycles(void);

/* `live_objects` after `collect_all_cycles`: the gauge that the module exports. */
uint32_t live_objects_exactly(void);

#endif
