// F3: a token bucket in shared data, one for all workers, by compare and swap.

import { CONTINUE, STOP, Shared, configuration, now, respond } from "./proxy_wasm";
export { allocate as malloc } from "./proxy_wasm";

export function proxy_abi_version_0_2_1(): void {}

// A token is refilled in whole micro-tokens, so that no time is lost to rounding.
const TOKEN: i64 = 1_000_000;
const ATTEMPTS = 16;
const LONGEST_REFILL_US: i64 = 3_600_000_000;
const KEY = "bench.bucket";

let capacity: i64 = 0;
let perSecond: i64 = 0;

export function proxy_on_configure(context: u32, size: u32): u32 {
  const numbers = configuration(size).split(" ");
  if (numbers.length != 2) return 0;
  capacity = I64.parseInt(numbers[0]) * TOKEN;
  perSecond = I64.parseInt(numbers[1]);
  return u32(capacity > 0);
}

// True also when too many others want a token just now.
function takeToken(): bool {
  const time = now();
  const bucket = new Shared();
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (bucket.read(KEY)) {
      const elapsed = max<i64>(0, time - bucket.second) / 1000;
      bucket.second += elapsed * 1000;
      const refill = min(elapsed, LONGEST_REFILL_US) * perSecond;
      bucket.first = min(bucket.first + refill, capacity);
    } else {
      bucket.first = capacity;
      bucket.second = time;
    }
    if (bucket.first < TOKEN) return false;
    bucket.first -= TOKEN;
    if (bucket.replace(KEY)) return true;
  }
  return true;
}

export function proxy_on_request_headers(context: u32, count: u32, end: u32): u32 {
  if (takeToken()) return CONTINUE;
  respond(429, "bench_limited", "slow down\n");
  return STOP;
}
