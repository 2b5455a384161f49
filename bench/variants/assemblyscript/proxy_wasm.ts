// Proxy-Wasm 0.2.1, as little of it as the works need.

@external("env", "proxy_get_header_map_value")
declare function getHeaderMapValue(map: u32, key: usize, keySize: u32, value: usize, size: usize): u32;
@external("env", "proxy_add_header_map_value")
declare function addHeaderMapValue(map: u32, key: usize, keySize: u32, value: usize, size: u32): u32;
@external("env", "proxy_get_property")
declare function getProperty(path: usize, pathSize: u32, value: usize, size: usize): u32;
@external("env", "proxy_get_buffer_bytes")
declare function getBufferBytes(buffer: u32, start: u32, most: u32, data: usize, size: usize): u32;
@external("env", "proxy_define_metric")
declare function defineMetric(kind: u32, name: usize, nameSize: u32, id: usize): u32;
@external("env", "proxy_increment_metric")
declare function incrementMetric(id: u32, offset: i64): u32;
@external("env", "proxy_record_metric")
declare function recordMetric(id: u32, value: u64): u32;
@external("env", "proxy_get_current_time_nanoseconds")
declare function getCurrentTime(time: usize): u32;
@external("env", "proxy_get_shared_data")
declare function getSharedData(key: usize, keySize: u32, value: usize, size: usize, cas: usize): u32;
@external("env", "proxy_set_shared_data")
declare function setSharedData(key: usize, keySize: u32, value: usize, size: u32, cas: u32): u32;
@external("env", "proxy_send_local_response")
declare function sendLocalResponse(
  code: u32, details: usize, detailsSize: u32, body: usize, bodySize: u32,
  headers: usize, headersSize: u32, grpcStatus: i32
): u32;

export const CONTINUE: u32 = 0;
export const STOP: u32 = 1;
export const REQUEST_HEADERS: u32 = 0;
export const RESPONSE_HEADERS: u32 = 2;
export const COUNTER: u32 = 0;
export const HISTOGRAM: u32 = 2;

const OK: u32 = 0;
const CAS_MISMATCH: u32 = 8;
const PLUGIN_CONFIGURATION: u32 = 7;

/** A version that no value has: the proxy then creates the value, or refuses if there is one. */
export const ABSENT: u32 = 0xffffffff;

// Where the host puts results: an address and a size, or a number.
const out = memory.data(16);

/** What the host calls for room for its results. */
export function allocate(size: usize): usize {
  return heap.alloc(size);
}

function takeText(): string {
  const data = load<usize>(out);
  const text = String.UTF8.decodeUnsafe(data, load<u32>(out, 4));
  heap.free(data);
  return text;
}

export function header(map: u32, name: string, absent: string): string {
  const key = String.UTF8.encode(name);
  const status = getHeaderMapValue(map, changetype<usize>(key), key.byteLength, out, out + 4);
  if (status != OK || load<u32>(out, 4) == 0) return absent;
  return takeText();
}

export function addHeader(map: u32, name: string, value: string): void {
  const key = String.UTF8.encode(name);
  const text = String.UTF8.encode(value);
  addHeaderMapValue(
    map, changetype<usize>(key), key.byteLength, changetype<usize>(text), text.byteLength
  );
}

function fetchProperty(path: string): bool {
  const bytes = String.UTF8.encode(path);
  const status = getProperty(changetype<usize>(bytes), bytes.byteLength, out, out + 4);
  return status == OK && load<u32>(out, 4) != 0;
}

/** An attribute; its path has NUL between the elements. */
export function property(path: string): string {
  return fetchProperty(path) ? takeText() : "";
}

export function intProperty(path: string): i64 {
  if (!fetchProperty(path)) return 0;
  const data = load<usize>(out);
  const value = load<i64>(data);
  heap.free(data);
  return value;
}

export function configuration(size: u32): string {
  if (getBufferBytes(PLUGIN_CONFIGURATION, 0, size, out, out + 4) != OK) return "";
  return load<u32>(out, 4) ? takeText() : "";
}

export function define(kind: u32, name: string): u32 {
  const bytes = String.UTF8.encode(name);
  defineMetric(kind, changetype<usize>(bytes), bytes.byteLength, out);
  return load<u32>(out);
}

export function increment(metric: u32, offset: i64): void {
  incrementMetric(metric, offset);
}

export function record(metric: u32, value: u64): void {
  recordMetric(metric, value);
}

export function now(): i64 {
  getCurrentTime(out);
  return load<i64>(out);
}

/** Two numbers under one key of the shared data, and their version. */
export class Shared {
  version: u32 = ABSENT;
  first: i64 = 0;
  second: i64 = 0;

  /** False when there is nothing yet. */
  read(key: string): bool {
    const bytes = String.UTF8.encode(key);
    const status = getSharedData(
      changetype<usize>(bytes), bytes.byteLength, out, out + 4, out + 8
    );
    this.version = ABSENT;
    if (status != OK || load<u32>(out, 4) != 16) return false;
    const data = load<usize>(out);
    this.first = load<i64>(data);
    this.second = load<i64>(data, 8);
    this.version = load<u32>(out, 8);
    heap.free(data);
    return true;
  }

  /** False when somebody was quicker. */
  replace(key: string): bool {
    const bytes = String.UTF8.encode(key);
    store<i64>(out, this.first);
    store<i64>(out, this.second, 8);
    const status = setSharedData(
      changetype<usize>(bytes), bytes.byteLength, out, 16, this.version
    );
    return status != CAS_MISMATCH;
  }
}

export function respond(code: u32, details: string, body: string): void {
  const why = String.UTF8.encode(details);
  const text = String.UTF8.encode(body);
  sendLocalResponse(
    code, changetype<usize>(why), why.byteLength, changetype<usize>(text), text.byteLength, 0, 0, -1
  );
}

/** What `assert` and bounds checks of the library end in. */
export function abort(_message: usize, _file: usize, _line: u32, _column: u32): void {
  unreachable();
}
