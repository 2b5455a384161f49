// Between a component's functions and Proxy-Wasm's. Compiled without a C library, for the component's own memory.
//
// A component passes values by the canonical ABI (github.com/WebAssembly/component-model,
// "CanonicalABI.md"): lists as pointer and size, and a result that does not fit into one number
// through a pointer to where the caller wants it.
#pragma once

typedef unsigned char u8;
typedef unsigned int u32;
typedef int s32;
typedef unsigned long long u64;
typedef long long s64;

#define IMPORT(module, name) __attribute__((import_module(module), import_name(name)))
#define EXPORT(name) __attribute__((export_name(name), used))

// The allocator of the component. What is given to a component is freed by it, so it must have been allocated,
// also when it is empty.
IMPORT("guest", "cabi_realloc") void *guest_realloc(void *old, u32 old_size, u32 align, u32 size);

IMPORT("guest", "free") void guest_free(void *memory);

static inline void *guest_new(u32 size, u32 align) { return guest_realloc(0, 0, align, size ? size : 1); }

// A list as it lies in memory.
typedef struct {
  const void *data;
  u32 size;
} list;

// `list` of nothing, allocated.
static inline list no_list(u32 align) { return (list){guest_new(0, align), 0}; }

// What the proxy allocated through `proxy_on_memory_allocate`. Nothing is allocated for an empty result.
static inline list from_proxy(void *data, u32 size) {
  return (list){data ? data : guest_new(0, 1), data ? size : 0};
}

// Where a component wants a tuple that begins with a status.
typedef struct {
  u32 status;
  u32 number;
} status_u32;

typedef struct {
  u32 status;
  u64 number;
} status_u64;

typedef struct {
  u32 status;
  list bytes;
} status_bytes;

typedef struct {
  u32 status;
  list bytes;
  u32 number;
} status_bytes_u32;

typedef struct {
  u32 status;
  u32 number;
  list bytes;
} status_u32_bytes;
