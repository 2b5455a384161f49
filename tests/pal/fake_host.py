"""A proxy of one exchange, in memory: what the PAL's unit tests need, and nothing of Envoy's rules.

Filters are tested in the test host (`mixer2.testhost`), which has those rules.
"""

from dataclasses import dataclass, field

from pal import pairs, status


@dataclass
class FakeHost:
    """The host calls that HTTP plugins make.

    Header maps that are not in `maps`, buffers that are not in `buffers` and attributes that are
    not in `attributes` are unavailable. `refusals` has host calls that answer with a status.
    """

    maps: dict[int, list[tuple[str, str]]] = field(default_factory=dict)
    buffers: dict[int, bytes] = field(default_factory=dict)
    attributes: dict[str, bytes] = field(default_factory=dict)
    refusals: dict[str, int] = field(default_factory=dict)
    log_level: int = 0
    log_phase: bool = False
    now_ns: int = 1_700_000_000_000_000_000
    calls: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    logged: list[tuple[int, str]] = field(default_factory=list)
    metrics: list[tuple[int, str]] = field(default_factory=list)
    recorded: dict[str, list[int]] = field(default_factory=dict)
    local_responses: list[tuple[int, str, bytes, list[tuple[str, str]], int]] = field(
        default_factory=list
    )
    continued: list[int] = field(default_factory=list)
    tick_period: int = 0
    _status: int = status.OK

    def last_status(self) -> int:
        return self._status

    def log(self, level: int, message: str) -> int:
        self.logged.append((level, message))
        return self._answer("log")

    def get_log_level(self) -> int:
        return self.log_level

    def get_current_time_nanoseconds(self) -> int:
        return self.now_ns

    def set_tick_period_milliseconds(self, period: int) -> int:
        self.tick_period = period
        return self._answer("set_tick_period_milliseconds")

    def get_property(self, path: str) -> bytes | None:
        self.asked.append(path)
        if self._answer("get_property") != status.OK:
            return None
        value = self.attributes.get(path.replace("\0", "."))
        self._status = status.NOT_FOUND if value is None else status.OK
        return value

    def get_header_map_pairs(self, map_type: int) -> bytes | None:
        if self._answer("get_header_map_pairs") != status.OK:
            return None
        return pairs.encode(self.maps.get(map_type, []))

    def get_header_map_value(self, map_type: int, name: str) -> str | None:
        if self._map_answer("get_header_map_value", map_type) != status.OK:
            return None
        values = [value for found, value in self.maps[map_type] if found == name.lower()]
        self._status = status.OK if values else status.NOT_FOUND
        return values[0] if values else None

    def add_header_map_value(self, map_type: int, name: str, value: str) -> int:
        if self._map_answer("add_header_map_value", map_type) == status.OK:
            self.maps[map_type].append((name.lower(), value))
        return self._status

    def replace_header_map_value(self, map_type: int, name: str, value: str) -> int:
        if self._map_answer("replace_header_map_value", map_type) == status.OK:
            self._remove(map_type, name)
            self.maps[map_type].append((name.lower(), value))
        return self._status

    def remove_header_map_value(self, map_type: int, name: str) -> int:
        if self._map_answer("remove_header_map_value", map_type) == status.OK:
            self._remove(map_type, name)
        return self._status

    def get_buffer_status(self, buffer_type: int) -> int:
        data = self.get_buffer_bytes(buffer_type, 0, 1 << 31)
        return -1 if data is None else len(data)

    def get_buffer_bytes(self, buffer_type: int, start: int, max_size: int) -> bytes | None:
        self._answer("get_buffer_bytes")
        if buffer_type not in self.buffers:
            self._status = status.NOT_FOUND
            return None
        return self.buffers[buffer_type][start : start + max_size]

    def set_buffer_bytes(self, buffer_type: int, start: int, size: int, data: bytes) -> int:
        if buffer_type not in self.buffers:
            self._status = status.NOT_FOUND
            return self._status
        held = self.buffers[buffer_type]
        self.buffers[buffer_type] = held[:start] + data + held[start + size :]
        return self._answer("set_buffer_bytes")

    def send_local_response(
        self, status_code: int, details: str, body: bytes, headers: bytes, grpc_status: int
    ) -> int:
        response = (status_code, details, body, pairs.items(headers), grpc_status)
        self.local_responses.append(response)
        return self._answer("send_local_response")

    def continue_stream(self, stream_type: int) -> int:
        self.continued.append(stream_type)
        return self._answer("continue_stream")

    def define_metric(self, metric_type: int, name: str) -> int:
        if self._answer("define_metric") != status.OK:
            return -1
        self.metrics.append((metric_type, name))
        return len(self.metrics) - 1

    def increment_metric(self, metric_id: int, offset: int) -> int:
        return self._record("increment_metric", metric_id, offset)

    def record_metric(self, metric_id: int, value: int) -> int:
        return self._record("record_metric", metric_id, value)

    @property
    def metric_names(self) -> list[str]:
        return [name for _, name in self.metrics]

    def count(self, name: str) -> int:
        """What a counter has come to."""
        return sum(self.recorded.get(name, []))

    def _record(self, call: str, metric_id: int, value: int) -> int:
        if self._answer(call) == status.OK:
            self.recorded.setdefault(self.metrics[metric_id][1], []).append(value)
        return self._status

    def _remove(self, map_type: int, name: str) -> None:
        kept = [header for header in self.maps[map_type] if header[0] != name.lower()]
        self.maps[map_type] = kept

    def _map_answer(self, call: str, map_type: int) -> int:
        if self._answer(call) == status.OK and map_type not in self.maps:
            self._status = status.NOT_FOUND if self.log_phase else status.BAD_ARGUMENT
        return self._status

    def _answer(self, call: str) -> int:
        self.calls.append(call)
        self._status = self.refusals.get(call, status.OK)
        return self._status
