// F2: telemetry. Twelve attributes, eight of them the key of a counter and a histogram, at log.

import { COUNTER, HISTOGRAM, REQUEST_HEADERS } from "./proxy_wasm";
import { define, header, increment, intProperty, property, record } from "./proxy_wasm";
export { allocate as malloc } from "./proxy_wasm";

export function proxy_abi_version_0_2_1(): void {}

const LIMIT = 100;
const LABELS: string[] = ["tenant", "method", "host", "agent", "code", "flags", "protocol", "route"];

class Series {
  traffic: u32;
  duration: u32;

  constructor(values: string[]) {
    let labels = "";
    for (let i = 0; i < LABELS.length; i++) {
      labels += (i ? "," : "{") + LABELS[i] + "=" + values[i];
    }
    labels += "}";
    this.traffic = define(COUNTER, "bench_f2_bytes_total" + labels);
    this.duration = define(HISTOGRAM, "bench_f2_duration_us" + labels);
  }
}

const series = new Map<string, Series>();
let overflow: Series | null = null;

function seriesOf(values: string[]): Series {
  const key = values.join("\0");
  if (series.has(key)) return series.get(key);
  if (series.size < LIMIT) {
    const found = new Series(values);
    series.set(key, found);
    return found;
  }
  let shared = overflow;
  if (shared === null) {
    shared = new Series(new Array<string>(LABELS.length).fill("other"));
    overflow = shared;
  }
  return shared;
}

export function proxy_on_log(context: u32): void {
  if (header(REQUEST_HEADERS, ":path", "") == "/healthz") return;
  const found = seriesOf([
    header(REQUEST_HEADERS, "x-tenant", "unknown"),
    header(REQUEST_HEADERS, ":method", "none"),
    header(REQUEST_HEADERS, ":authority", "none"),
    header(REQUEST_HEADERS, "user-agent", "none"),
    intProperty("response\0code").toString(),
    intProperty("response\0flags").toString(),
    property("request\0protocol"),
    property("xds\0route_name"),
  ]);
  const bytes = intProperty("request\0total_size") + intProperty("response\0total_size");
  increment(found.traffic, bytes);
  record(found.duration, <u64>(intProperty("request\0duration") / 1000));
}
