// A VM's own hash seed. A snapshot has one in it, and dictionaries, sets and cached hashes that came of it: all of them
// are found in memory, and made anew by another. Order of dictionaries is order of insertion, and stays.
//
// Objects are found by their type, at whatever address; what only looks like one is told from it by its invariants,
// or by its old hash. Nothing is changed until all are found.
//
// Source: CPython 3.14, Include/internal/pycore_dict.h, Objects/dictobject.c, setobject.c, unicodeobject.c, odictobject.c,
// Python/hashtable.c, on a machine of 32 bits. build.py says where `_Py_HashSecret` and `_PyRuntime` lie.
#include "glue.h"

IMPORT("guest", "PyObject_Hash") s32 guest_hash(const void *object);
IMPORT("guest", "Py_HashBuffer") s32 guest_hash_buffer(const void *data, s32 size);
IMPORT("guest", "PyErr_Clear") void guest_clear_error(void);
IMPORT("wasi_snapshot_preview1", "random_get") u32 random_bytes(void *bytes, u32 size);

enum { PAGE = 65536, STACK_END = 1 << 20, SECRET_SIZE = 24, RUNTIME_SIZE = 1 << 20, HEAP_TYPE_SIZE = 640, FOUND_MAX = 1 << 17 };
enum { UNHASHED = -1 };

// What the guest calls a type; the numbers are in mixer2/component/guest/hashes.py.
enum family { NONE, STR, BYTES, TUPLE, DICT, ORDERED, SET, FROZENSET, REFERENCE, MOMENT, CLASS };

typedef struct object {
  s32 references;
  u32 type;
} object;

typedef struct {
  object base;
  s32 length;
  s32 hash;
  u32 state;  // bits: 2 interned, 3 kind, compact, ASCII
} str;

// `bytes` and tuples.
typedef struct {
  object base;
  s32 size;
  s32 hash;
  object *items[];
} sequence;

typedef struct {
  s32 references;
  u8 log2_size, log2_index_bytes, kind, padding;
  u32 version;
  s32 usable, used;
  u8 indices[];
} keys;
enum { GENERAL, UNICODE, SPLIT };

typedef struct {
  object base;
  s32 used;
  u64 watchers;
  keys *keys;
  void *values;
} dict;

typedef struct node {
  object *key;
  s32 hash;
  struct node *next, *previous;
} node;

typedef struct {
  dict base;
  node *first;
} ordered;

typedef struct {
  object *key;
  s32 hash;
} set_entry;

typedef struct {
  object base;
  s32 fill, used, mask;
  set_entry *table;
  s32 hash;
} set;

typedef struct link {
  struct link *next;
  u32 hash;
  str *key;
} link;

typedef struct {
  u32 count, size;
  link **buckets;
} hash_table;

// What was found.
typedef struct {
  void *item;
  enum family family;
} found;

static found *all;
static u32 all_count;

// Types, by address.
enum { TYPES_BITS = 12, TYPES = 1 << TYPES_BITS };
static struct {
  u32 type;
  enum family family;
} types[TYPES];

static u32 memory_end(void) { return (u32)__builtin_wasm_memory_size(0) * PAGE; }

static int is_address(const void *address, u32 size) {
  u32 at = (u32)address;
  return at % 4 == 0 && at >= PAGE && at < memory_end() && size < memory_end() - at;
}

static u32 slot_of(u32 type) {
  u32 slot = type / 4 * 2654435761u >> (32 - TYPES_BITS);
  while (types[slot].type && types[slot].type != type) slot = (slot + 1) % TYPES;
  return slot;
}

static enum family family_of(const object *one) { return one->type < STACK_END ? NONE : types[slot_of(one->type)].family; }

// Whether it may be asked for its hash: an object's type is a class.
static int is_key(const object *key, int is_text, u32 text) {
  if (!is_address(key, sizeof *key) || key->references <= 0) return 0;
  if (is_text) return key->type == text;
  const object *class = (const object *)key->type;
  return is_address(class, sizeof *class) && class->references > 0 && family_of(class) == CLASS;
}

// Keys of dictionaries

static u32 slots(const keys *of) { return 1u << of->log2_size; }
static u8 *entries(keys *of) { return of->indices + (1u << of->log2_index_bytes); }
static u32 entry_words(const keys *of) { return of->kind == GENERAL ? 3 : 2; }
static object **entry_key(keys *of, s32 index) {
  u32 *entry = (u32 *)entries(of) + (u32)index * entry_words(of);
  return (object **)(of->kind == GENERAL ? entry + 1 : entry);
}

static s32 get_index(const keys *of, u32 slot) {
  if (of->log2_size < 8) return ((const signed char *)of->indices)[slot];
  if (of->log2_size < 16) return ((const short *)of->indices)[slot];
  return ((const s32 *)of->indices)[slot];
}

static void set_index(keys *of, u32 slot, s32 index) {
  if (of->log2_size < 8)
    ((signed char *)of->indices)[slot] = (signed char)index;
  else if (of->log2_size < 16)
    ((short *)of->indices)[slot] = (short)index;
  else
    ((s32 *)of->indices)[slot] = index;
}

static int are_keys(keys *of, u32 text) {
  if (!is_address(of, sizeof *of) || of->references < 1 || of->kind > SPLIT) return 0;
  if (of->log2_size < 3 || of->log2_size > 24) return 0;
  if (of->log2_index_bytes != of->log2_size + (of->log2_size < 8 ? 0 : of->log2_size < 16 ? 1 : 2)) return 0;
  u32 usable = (slots(of) << 1) / 3;
  if (of->used < 0 || of->usable < 0 || (u32)of->used > usable || (u32)of->usable > usable - (u32)of->used) return 0;
  if (!is_address(of, sizeof *of + (1u << of->log2_index_bytes) + usable * entry_words(of) * 4)) return 0;
  s32 live = 0, indexed = 0;
  for (s32 index = 0; index < of->used; index++) {
    object *key = *entry_key(of, index);
    if (key && !is_key(key, of->kind != GENERAL, text)) return 0;
    live += key != 0;
  }
  for (u32 slot = 0; slot < slots(of); slot++) {
    s32 index = get_index(of, slot);
    if (index < -2 || index >= of->used || (index >= 0 && !*entry_key(of, index))) return 0;
    indexed += index >= 0;
  }
  return live == indexed;
}

// UNHASHED when it has none, or none any more.
static s32 hash_of(const void *object) {
  s32 hash = guest_hash(object);
  if (hash == UNHASHED) guest_clear_error();
  return hash;
}

static s32 new_hash(object *key, s32 old);

static void renew_keys(keys *of) {
  if (of->kind == GENERAL)
    for (s32 index = 0; index < of->used; index++) {
      object **key = entry_key(of, index);
      s32 *hash = (s32 *)key - 1;
      if (*key) *hash = new_hash(*key, *hash);
    }
  u32 mask = slots(of) - 1;
  for (u32 slot = 0; slot <= mask; slot++) set_index(of, slot, -1);
  for (s32 index = 0; index < of->used; index++) {
    object **key = entry_key(of, index);
    if (!*key) continue;
    u32 hash = of->kind == GENERAL ? ((u32 *)key)[-1] : (u32)guest_hash(*key);
    u32 slot = hash & mask;
    for (u32 perturb = hash; get_index(of, slot) != -1;) {
      perturb >>= 5;
      slot = mask & (slot * 5 + perturb + 1);
    }
    set_index(of, slot, index);
  }
}

// Sets

static int is_set(const set *one) {
  u32 size = (u32)one->mask + 1;
  if (size < 8 || size > 1u << 24 || size & (size - 1) || !is_address(one->table, size * sizeof *one->table)) return 0;
  s32 live = 0;
  for (u32 slot = 0; slot < size; slot++) {
    const set_entry *entry = &one->table[slot];
    if (!entry->key || entry->hash == UNHASHED) continue;
    if (!is_key(entry->key, 0, 0)) return 0;
    live++;
  }
  return live == one->used && one->used <= one->fill;
}

static void insert(set_entry *table, u32 mask, set_entry entry) {
  u32 perturb = (u32)entry.hash, slot = perturb & mask;
  for (;;) {
    u32 probes = slot + 9 <= mask ? 9 : 0;
    for (u32 probe = 0; probe <= probes; probe++)
      if (!table[slot + probe].key) {
        table[slot + probe] = entry;
        return;
      }
    perturb >>= 5;
    slot = (slot * 5 + 1 + perturb) & mask;
  }
}

static void renew_set(set *one) {
  u32 size = (u32)one->mask + 1, live = 0;
  set_entry *kept = guest_new(size * sizeof *kept, 4);
  for (u32 slot = 0; slot < size; slot++) {
    set_entry entry = one->table[slot];
    if (!entry.key || entry.hash == UNHASHED) continue;
    entry.hash = new_hash(entry.key, entry.hash);
    kept[live++] = entry;
  }
  for (u32 slot = 0; slot < size; slot++) one->table[slot] = (set_entry){0, 0};
  for (u32 at = 0; at < live; at++) insert(one->table, (u32)one->mask, kept[at]);
  one->fill = one->used;
  guest_free(kept);
}

// A frozen set's hash is made of those in its table.
static void prepare(object *key) {
  enum family family = family_of(key);
  if (family == FROZENSET && ((set *)key)->hash == UNHASHED) {
    renew_set((set *)key);
    hash_of(key);
  } else if (family == TUPLE && ((sequence *)key)->hash == UNHASHED) {
    for (s32 at = 0; at < ((sequence *)key)->size; at++) prepare(((sequence *)key)->items[at]);
  }
}

static s32 new_hash(object *key, s32 old) {
  prepare(key);
  s32 hash = hash_of(key);
  return hash == UNHASHED ? old : hash;
}

// What caches its hash

// Both end with a NUL that does not count. What is large lies in a block of that size (dlmalloc, whose word before a block has
// it): a list of types is easily taken for one of many megabytes.
enum { LARGE = 65536, SLACK = 64 };

static int is_text(const u8 *text, u32 size, const void *block) {
  if ((u32)text < PAGE || (u32)text >= memory_end() || size >= memory_end() - (u32)text || text[size]) return 0;
  if (size < LARGE) return 1;
  u32 block_size = ((const u32 *)block)[-1] & ~7u;
  return block_size > size && block_size < size + SLACK;
}

static int is_str(const str *one) {
  u32 kind = one->state >> 2 & 7;
  if (one->length < 0 || one->length > 1 << 26 || (kind != 1 && kind != 2 && kind != 4)) return 0;
  int is_compact = (one->state & 32) != 0, is_ascii = (one->state & 64) != 0;
  const u8 *text = is_compact ? (const u8 *)one + (is_ascii ? 20 : 28) : *(const u8 **)((const u8 *)one + 28);
  u32 size = (u32)one->length * kind;
  return is_text(text, size, is_compact ? (const u8 *)one : text) && guest_hash_buffer(text, (s32)size) == one->hash;
}

static int is_bytes(const sequence *one) {
  return one->size >= 0 && is_text((const u8 *)one->items, (u32)one->size, one) && guest_hash_buffer(one->items, one->size) == one->hash;
}

static int is_tuple(const sequence *one) {
  if (one->size < 0 || one->size > 1 << 24 || !is_address(one, sizeof *one + 4 * (u32)one->size)) return 0;
  for (s32 at = 0; at < one->size; at++)
    if (!is_key(one->items[at], 0, 0)) return 0;
  return 1;
}

typedef struct {
  object base;
  object *referent;
  object *callback;
  s32 hash;
} reference;

static int is_reference(const reference *one) {
  return is_key(one->referent, 0, 0) && hash_of(one->referent) == one->hash;
}

// `date`, `datetime`, `time`: whether there is a time zone, digits, and the zone at one of two places.
typedef struct {
  object base;
  s32 hash;
  u8 has_zone, digits[7];
  object *zones[2];
} moment;

static int is_moment(moment *one) {
  if (one->has_zone > 1 || (one->has_zone && !is_key(one->zones[0], 0, 0) && !is_key(one->zones[1], 0, 0))) return 0;
  s32 hash = one->hash;
  one->hash = UNHASHED;
  int is_same = hash_of(one) == hash;
  one->hash = hash;
  return is_same;
}

static s32 *cached_hash(void *item, enum family family) {
  switch (family) {
    case STR: return &((str *)item)->hash;
    case BYTES: case TUPLE: return &((sequence *)item)->hash;
    case FROZENSET: return &((set *)item)->hash;
    case REFERENCE: return &((reference *)item)->hash;
    case MOMENT: return &((moment *)item)->hash;
    default: return 0;
  }
}

static int is_hashed(void *item, enum family family) { return ((object *)item)->references > 0 && *cached_hash(item, family) != UNHASHED; }

static void keep(void *item, enum family family) {
  if (all_count < FOUND_MAX) all[all_count] = (found){item, family};
  all_count++;
}

// Classes hold the keys that their instances share.
static void find_shared(u32 class, u32 text) {
  for (u32 at = class; at < class + HEAP_TYPE_SIZE && at + 4 < memory_end(); at += 4) {
    keys *shared = *(keys **)at;
    if (is_address(shared, sizeof *shared) && shared->kind == SPLIT && are_keys(shared, text)) keep(shared, CLASS);
  }
}

static void find(u32 at, enum family family, u32 text) {
  void *item = (void *)at;
  switch (family) {
    case STR: if (is_hashed(item, STR) && is_str(item)) keep(item, STR); break;
    case BYTES: if (is_hashed(item, BYTES) && is_bytes(item)) keep(item, BYTES); break;
    case TUPLE: if (is_hashed(item, TUPLE) && is_tuple(item)) keep(item, TUPLE); break;
    case DICT: case ORDERED: if (are_keys(((dict *)item)->keys, text)) keep(item, family); break;
    case SET: case FROZENSET: if (is_set(item)) keep(item, family); break;
    case REFERENCE: if (is_hashed(item, REFERENCE) && is_reference(item)) keep(item, REFERENCE); break;
    case MOMENT: if (is_hashed(item, MOMENT) && is_moment(item)) keep(item, MOMENT); break;
    case CLASS: find_shared(at, text); break;
    case NONE: break;
  }
}

// The table of static strings, which is no object.

static int is_interned(const hash_table *table, u32 text) {
  if (!is_address(table, sizeof *table) || table->count < 100 || table->size < 128 || table->size & (table->size - 1)) return 0;
  if (table->size > 1 << 20 || !is_address(table->buckets, table->size * 4)) return 0;
  u32 count = 0;
  for (u32 bucket = 0; bucket < table->size; bucket++)
    for (link *one = table->buckets[bucket]; one; one = one->next) {
      if (!is_address(one, sizeof *one) || count++ > table->count) return 0;
      if (!is_key(&one->key->base, 1, text) || one->hash != (u32)one->key->hash) return 0;
    }
  return count == table->count;
}

static hash_table *find_interned(u32 text) {
  for (u32 at = RUNTIME; at < RUNTIME + RUNTIME_SIZE; at += 4)
    if (is_interned(*(hash_table **)at, text)) return *(hash_table **)at;
  return 0;
}

static void renew_interned(hash_table *table) {
  link *rest = 0;
  for (u32 bucket = 0; bucket < table->size; bucket++)
    while (table->buckets[bucket]) {
      link *one = table->buckets[bucket];
      table->buckets[bucket] = one->next;
      one->next = rest;
      rest = one;
    }
  while (rest) {
    link *one = rest;
    rest = one->next;
    one->hash = (u32)guest_hash(one->key);
    link **bucket = &table->buckets[one->hash & (table->size - 1)];
    one->next = *bucket;
    *bucket = one;
  }
}

// Which dictionaries come first: those whose keys are text, as classes' and modules' are, which hashing others needs.
static int is_of_text(const found *one) {
  return one->family == CLASS || ((one->family == DICT || one->family == ORDERED) && ((dict *)one->item)->keys->kind != GENERAL);
}

static keys *keys_of(const found *one) { return one->family == CLASS ? one->item : ((dict *)one->item)->keys; }

// Types and their families in turn, `str` first; where the snapshot ends. How many objects have been made anew; 0 when
// nothing was changed.
EXPORT("proxy-wasm:plugin/system@0.2.1#renew-hashes") u32 renew_hashes(u32 *pairs, u32 count, u32 end) {
  u32 text = pairs[0];
  for (u32 at = 0; at + 1 < count && at < TYPES; at += 2) {
    u32 slot = slot_of(pairs[at]);
    types[slot].type = pairs[at];
    types[slot].family = (enum family)pairs[at + 1];
  }
  all = guest_new(FOUND_MAX * sizeof *all, 4);
  all_count = 0;
  if (end > GLUE_BASE) end = GLUE_BASE;
  // Telling a moment or a reference from another thing may call Python, which hashes texts on its way.
  for (u32 at = STACK_END; at < end; at += 4) {
    enum family family = family_of((object *)at);
    if (family == REFERENCE || family == MOMENT) find(at, family, text);
  }
  for (u32 at = STACK_END; at < end; at += 4) {
    enum family family = family_of((object *)at);
    if (family && family != REFERENCE && family != MOMENT) find(at, family, text);
  }
  hash_table *interned = find_interned(text);
  if (all_count > FOUND_MAX || !all_count || !interned) {
    guest_free(all);
    return 0;
  }

  for (u32 at = 0; at < all_count; at++) {
    s32 *hash = cached_hash(all[at].item, all[at].family);
    if (hash) *hash = UNHASHED;
  }
  random_bytes((void *)HASH_SECRET, SECRET_SIZE);
  renew_interned(interned);
  for (u32 at = 0; at < all_count; at++)
    if (is_of_text(&all[at])) renew_keys(keys_of(&all[at]));
  for (u32 at = 0; at < all_count; at++) {
    object *one = all[at].item;
    if (all[at].family == SET) renew_set((set *)one);
    if (all[at].family == FROZENSET) prepare(one);
  }
  for (u32 at = 0; at < all_count; at++) {
    if ((all[at].family == DICT || all[at].family == ORDERED) && !is_of_text(&all[at])) renew_keys(keys_of(&all[at]));
  }
  for (u32 at = 0; at < all_count; at++)
    if (all[at].family == ORDERED)
      for (node *one = ((ordered *)all[at].item)->first; one; one = one->next) one->hash = new_hash(one->key, one->hash);
  guest_free(all);
  return all_count;
}
