// The part of WASI 0.2 that CPython needs to run from a snapshot: clocks, random bytes, standard streams to the
// proxy's log, the VM's environment, and polls that never wait. There are no files, no arguments, no terminals.
//
// What is refused (files, sockets) is generated: see build/component/refused.py.
//
// Source: github.com/WebAssembly/wasi-cli, wasi-clocks, wasi-io, wasi-random, version 0.2; the answers of
// `wasi_snapshot_preview1` are Envoy 1.40's.
#include "glue.h"

#define WASI(name) EXPORT("wasi:" name)
#define PREVIEW1(name) IMPORT("wasi_snapshot_preview1", #name) u32 name

IMPORT("env", "proxy_log") u32 proxy_log(u32 level, const void *message, u32 size);
PREVIEW1(clock_time_get)(u32 clock, u64 precision, u64 *now_ns);
PREVIEW1(environ_sizes_get)(u32 *count, u32 *size);
PREVIEW1(environ_get)(char **entries, char *text);
PREVIEW1(random_get)(void *bytes, u32 size);

enum { WALL_CLOCK, MONOTONIC_CLOCK };
enum { NS_PER_S = 1000000000 };

// Handles of resources. Nothing is kept for them, so that dropping one is nothing to do.
enum { STDIN = 1, STDOUT, STDERR, POLLABLE, NETWORK };

// Clocks

static u64 now_ns(u32 clock) {
  u64 now = 0;
  clock_time_get(clock, 0, &now);
  return now;
}

typedef struct {
  u64 seconds;
  u32 nanoseconds;
} datetime;

WASI("clocks/wall-clock#now") void wall_clock_now(datetime *answer) {
  u64 now = now_ns(WALL_CLOCK);
  *answer = (datetime){now / NS_PER_S, (u32)(now % NS_PER_S)};
}
WASI("clocks/wall-clock#resolution") void wall_clock_resolution(datetime *answer) { *answer = (datetime){0, 1}; }
WASI("clocks/monotonic-clock#now") u64 monotonic_clock_now(void) { return now_ns(MONOTONIC_CLOCK); }
WASI("clocks/monotonic-clock#resolution") u64 monotonic_clock_resolution(void) { return 1; }
WASI("clocks/monotonic-clock#subscribe-instant") u32 subscribe_instant(u64 when) { return POLLABLE; }
WASI("clocks/monotonic-clock#subscribe-duration") u32 subscribe_duration(u64 duration) { return POLLABLE; }

// Random bytes. A proxy gives at most 64 KiB at a time.

enum { RANDOM_MAX = 65536 };

WASI("random/random#get-random-bytes") void get_random_bytes(u64 size, list *answer) {
  u8 *bytes = guest_new((u32)size, 1);
  for (u32 at = 0; at < size; at += RANDOM_MAX) {
    u32 left = (u32)size - at;
    random_get(bytes + at, left < RANDOM_MAX ? left : RANDOM_MAX);
  }
  *answer = (list){bytes, (u32)size};
}

// Environment and arguments

// All variables as the proxy writes them, `KEY=value` and a NUL each.
static list environment_text(void) {
  u32 count = 0, size = 0;
  if (environ_sizes_get(&count, &size) || !size) return no_list(1);
  char *text = guest_new(size, 1);
  char **entries = guest_new(count * sizeof *entries, 4);
  u32 error = environ_get(entries, text);
  guest_free(entries);
  return (list){text, error ? 0 : size};
}

EXPORT("proxy-wasm:plugin/system@0.2.1#environment") void system_environment(list *answer) {
  *answer = environment_text();
}

// CPython read it when it was snapshotted; what the proxy has comes by `system`.
WASI("cli/environment#get-environment") void get_environment(list *answer) { *answer = no_list(4); }
WASI("cli/environment#get-arguments") void get_arguments(list *answer) { *answer = no_list(4); }
WASI("filesystem/preopens#get-directories") void get_directories(list *answer) { *answer = no_list(4); }

// Standard streams: a line is a line of the proxy's log.

enum { INFO = 2, ERROR = 4, LINE = 8192 };

static struct {
  u32 size;
  char text[LINE];
} lines[2];

static void write(u32 stream, const char *bytes, u32 size) {
  u32 index = stream == STDERR, level = index ? ERROR : INFO;
  for (u32 at = 0; at < size; at++) {
    u32 is_end = bytes[at] == '\n';
    if (!is_end) lines[index].text[lines[index].size++] = bytes[at];
    if (is_end || lines[index].size == LINE) {
      proxy_log(level, lines[index].text, lines[index].size);
      lines[index].size = 0;
    }
  }
}

WASI("cli/stdin#get-stdin") u32 get_stdin(void) { return STDIN; }
WASI("cli/stdout#get-stdout") u32 get_stdout(void) { return STDOUT; }
WASI("cli/stderr#get-stderr") u32 get_stderr(void) { return STDERR; }

#define TERMINAL(name, function) \
  WASI(name) void function(u8 *answer) { *answer = 0; }
TERMINAL("cli/terminal-stdin#get-terminal-stdin", get_terminal_stdin)
TERMINAL("cli/terminal-stdout#get-terminal-stdout", get_terminal_stdout)
TERMINAL("cli/terminal-stderr#get-terminal-stderr", get_terminal_stderr)

// result<T, stream-error>
typedef struct {
  u8 is_error;
  union {
    u64 room;
    struct {
      u8 is_closed;
    } error;
  };
} write_room;

typedef struct {
  u8 is_error;
  struct {
    _Alignas(4) u8 is_closed;
  } error;
} read_answer;

WASI("io/streams#[method]output-stream.check-write") void check_write(u32 stream, write_room *answer) {
  answer->is_error = 0;
  answer->room = LINE;
}
#define WRITE(name, function)                                                                   \
  WASI("io/streams#[method]output-stream." name)                                                \
  void function(u32 stream, const char *bytes, u32 size, u8 *is_error) {                        \
    write(stream, bytes, size);                                                                 \
    *is_error = 0;                                                                              \
  }
WRITE("write", stream_write)
WRITE("blocking-write-and-flush", stream_blocking_write_and_flush)
WASI("io/streams#[method]output-stream.blocking-flush") void blocking_flush(u32 stream, u8 *is_error) {
  *is_error = 0;
}
WASI("io/streams#[method]input-stream.read") void stream_read(u32 stream, u64 size, read_answer *answer) {
  answer->is_error = 1;
  answer->error.is_closed = 1;
}

// Polls never wait: a proxy's thread must not.

#define SUBSCRIBE(name, function) \
  WASI(name) u32 function(u32 resource) { return POLLABLE; }
SUBSCRIBE("io/streams#[method]input-stream.subscribe", subscribe_input)
SUBSCRIBE("io/streams#[method]output-stream.subscribe", subscribe_output)
SUBSCRIBE("sockets/udp#[method]udp-socket.subscribe", subscribe_udp)
SUBSCRIBE("sockets/udp#[method]incoming-datagram-stream.subscribe", subscribe_incoming)
SUBSCRIBE("sockets/udp#[method]outgoing-datagram-stream.subscribe", subscribe_outgoing)
SUBSCRIBE("sockets/tcp#[method]tcp-socket.subscribe", subscribe_tcp)
SUBSCRIBE("sockets/ip-name-lookup#[method]resolve-address-stream.subscribe", subscribe_lookup)

WASI("io/poll#[method]pollable.block") void pollable_block(u32 pollable) {}
WASI("io/poll#poll") void poll(const u32 *pollables, u32 count, list *answer) {
  u32 *ready = guest_new(count * sizeof *ready, 4);
  for (u32 index = 0; index < count; index++) ready[index] = index;
  *answer = (list){ready, count};
}

WASI("sockets/instance-network#instance-network") u32 instance_network(void) { return NETWORK; }
WASI("sockets/tcp#[method]tcp-socket.is-listening") u32 is_listening(u32 socket) { return 0; }

// Resources

#define DROP(name, function) \
  WASI(name) void function(u32 resource) {}
DROP("io/error#[resource-drop]error", drop_error)
DROP("io/poll#[resource-drop]pollable", drop_pollable)
DROP("io/streams#[resource-drop]input-stream", drop_input)
DROP("io/streams#[resource-drop]output-stream", drop_output)
DROP("cli/terminal-input#[resource-drop]terminal-input", drop_terminal_input)
DROP("cli/terminal-output#[resource-drop]terminal-output", drop_terminal_output)
DROP("filesystem/types#[resource-drop]descriptor", drop_descriptor)
DROP("filesystem/types#[resource-drop]directory-entry-stream", drop_directory)
DROP("sockets/udp#[resource-drop]udp-socket", drop_udp)
DROP("sockets/udp#[resource-drop]incoming-datagram-stream", drop_incoming)
DROP("sockets/udp#[resource-drop]outgoing-datagram-stream", drop_outgoing)
DROP("sockets/tcp#[resource-drop]tcp-socket", drop_tcp)
DROP("sockets/ip-name-lookup#[resource-drop]resolve-address-stream", drop_lookup)

// The end of the process. A proxy has none to end, and what calls this expects no return.
WASI("cli/exit#exit") void exit(u32 is_error) {
  static const char MESSAGE[] = "the plugin ended its process, and so its VM";
  proxy_log(5, MESSAGE, sizeof MESSAGE - 1);
  __builtin_trap();
}

// Belongs to the snapshot's making.
EXPORT("wasi_snapshot_preview1#reset_adapter_state") void reset_adapter_state(void) {}
