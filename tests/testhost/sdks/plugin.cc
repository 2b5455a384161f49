// A plugin as the C++ SDK lays one out, with wasi-libc: `_initialize` runs constructors, the host allocates by
// `malloc`, memory grows, and what is printed goes through WASI.

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#define IMPORT(name) __attribute__((import_module("env"), import_name(#name)))
#define EXPORT(name) extern "C" __attribute__((export_name(#name)))

extern "C" {
IMPORT(proxy_log) uint32_t proxy_log(uint32_t level, const char *message, size_t size);
IMPORT(proxy_get_buffer_bytes)
uint32_t proxy_get_buffer_bytes(uint32_t type, uint32_t start, uint32_t length, char **data, size_t *size);
IMPORT(proxy_get_header_map_value)
uint32_t proxy_get_header_map_value(uint32_t map, const char *name, size_t name_size, char **value, size_t *size);
IMPORT(proxy_add_header_map_value)
uint32_t proxy_add_header_map_value(uint32_t map, const char *name, size_t name_size, const char *value, size_t size);
IMPORT(proxy_define_metric) uint32_t proxy_define_metric(uint32_t type, const char *name, size_t size, uint32_t *id);
IMPORT(proxy_increment_metric) uint32_t proxy_increment_metric(uint32_t id, int64_t offset);
IMPORT(proxy_set_tick_period_milliseconds) uint32_t proxy_set_tick_period_milliseconds(uint32_t period);
// Of Emscripten's run-time; the other toolchains have none.
IMPORT(emscripten_notify_memory_growth) void emscripten_notify_memory_growth(uint32_t index);
}

struct Plugin {
  std::string greeting = "constructed";
  uint32_t requests = 0;
  std::map<uint32_t, std::vector<char>> held;
};

static Plugin plugin;

static std::string taken(char *data, size_t size) {
  std::string text(data == nullptr ? "" : data, size);
  std::free(data);
  return text;
}

static std::string request_header(std::string_view name) {
  char *value = nullptr;
  size_t size = 0;
  uint32_t status = proxy_get_header_map_value(0, name.data(), name.size(), &value, &size);
  return status == 0 ? taken(value, size) : "";
}

EXPORT(proxy_abi_version_0_2_0) void proxy_abi_version_0_2_0() {}

EXPORT(proxy_on_context_create) void proxy_on_context_create(uint32_t, uint32_t) {}

EXPORT(proxy_on_vm_start) uint32_t proxy_on_vm_start(uint32_t, uint32_t) {
  std::printf("started with %s\n", plugin.greeting.c_str());
  std::fflush(stdout);
  return 1;
}

EXPORT(proxy_on_configure) uint32_t proxy_on_configure(uint32_t, uint32_t size) {
  char *data = nullptr;
  size_t length = 0;
  if (proxy_get_buffer_bytes(7, 0, size, &data, &length) != 0) return 0;
  plugin.greeting = taken(data, length);
  std::string_view name = "sdk_requests_total";
  proxy_define_metric(0, name.data(), name.size(), &plugin.requests);
  proxy_set_tick_period_milliseconds(20);
  return plugin.greeting == "refuse" ? 0 : 1;
}

EXPORT(proxy_on_tick) void proxy_on_tick(uint32_t) {
  proxy_set_tick_period_milliseconds(0);
  std::fprintf(stderr, "ticked\n");
}

EXPORT(proxy_on_request_headers) uint32_t proxy_on_request_headers(uint32_t context, uint32_t, uint32_t) {
  std::string path = request_header(":path");
  if (path == "/trap") std::abort();
  if (path == "/grow") {
    plugin.held[context].assign(8 << 20, 'x');
    emscripten_notify_memory_growth(0);
  }
  proxy_increment_metric(plugin.requests, 1);
  std::string message = "path " + path + " of " + request_header("x-tenant");
  proxy_log(2, message.data(), message.size());
  return 0;
}

EXPORT(proxy_on_response_headers) uint32_t proxy_on_response_headers(uint32_t, uint32_t, uint32_t) {
  std::string_view name = "x-greeting";
  proxy_add_header_map_value(2, name.data(), name.size(), plugin.greeting.data(), plugin.greeting.size());
  auto now = std::chrono::system_clock::now().time_since_epoch();
  std::string_view clock = "x-year-is-later-than-2000";
  std::string later = std::chrono::duration_cast<std::chrono::hours>(now).count() > 24 * 365 * 30 ? "yes" : "no";
  proxy_add_header_map_value(2, clock.data(), clock.size(), later.data(), later.size());
  return 0;
}

EXPORT(proxy_on_delete) void proxy_on_delete(uint32_t context) { plugin.held.erase(context); }
