// F1: read a request header, count per tenant, add a response header.

import { CONTINUE, COUNTER, REQUEST_HEADERS, RESPONSE_HEADERS } from "./proxy_wasm";
import { addHeader, define, header, increment } from "./proxy_wasm";
export { allocate as malloc } from "./proxy_wasm";

export function proxy_abi_version_0_2_1(): void {}

const LIMIT = 100;
const counters = new Map<string, u32>();
let overflow: u32 = 0;

function counterOf(tenant: string): u32 {
  if (counters.has(tenant)) return counters.get(tenant);
  if (counters.size < LIMIT) {
    const counter = define(COUNTER, "bench_f1_requests_total{tenant=" + tenant + "}");
    counters.set(tenant, counter);
    return counter;
  }
  if (overflow == 0) overflow = define(COUNTER, "bench_f1_requests_total{tenant=other}");
  return overflow;
}

export function proxy_on_request_headers(context: u32, count: u32, end: u32): u32 {
  increment(counterOf(header(REQUEST_HEADERS, "x-tenant", "unknown")), 1);
  return CONTINUE;
}

export function proxy_on_response_headers(context: u32, count: u32, end: u32): u32 {
  addHeader(RESPONSE_HEADERS, "x-bench", "f1");
  return CONTINUE;
}
