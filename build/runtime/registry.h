/* The plugin contexts that the proxy has, by the numbers that it gave them. */

#ifndef MIXER2_REGISTRY_H
#define MIXER2_REGISTRY_H

#include "tagged.h"

/* The lowest number of a plugin context that is higher; 0 when there is none. */
uint32_t registry_plugin_after(uint32_t number);

bool registry_has_one_plugin(void);

/* Notes a hash of a plugin context's name; 0: it has none. */
void registry_name_plugin(uint32_t number, uint32_t name);

/* The plugin context of that name; 0 when there is none, or more than one. */
uint32_t registry_plugin_named(uint32_t name);

Object *native__pal__registry__only_plugin(void);
Object *native__pal__registry__plugin(Tagged number);
char native__pal__registry__discard(Tagged number);

#endif
