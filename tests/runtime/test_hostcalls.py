"""Host calls and pairs: what crosses the border, and that no answer of the host can harm."""

import struct

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mixer2.testhost.pairs import encode_text
from pal import digits, header_name, hostcalls, ip_address, json_scan, stat_names, status
from pal import pairs as pal_pairs
from tests.runtime.harness import Host, LinkedRuntime, Runtime, Tagged

PREFIX = "native__pal__hostcalls__"
OK, NOT_FOUND, INTERNAL_FAILURE = 0, 1, 10
raw_texts = st.binary(max_size=12)


@pytest.fixture(scope="module")
def shared(linked: LinkedRuntime) -> Runtime:
    return Runtime(linked)


def deliver(runtime: Runtime, data: bytes, pointer: int, size: int) -> None:
    """Give bytes to the guest as Envoy does: into a buffer of the guest's own."""
    if data:
        address = runtime.raw("malloc", len(data))
        runtime.write(address, data)
    else:
        address = 0
    runtime.write(pointer, address.to_bytes(4, "little"))
    runtime.write(size, len(data).to_bytes(4, "little"))


def answer(runtime: Runtime, name: str, data: bytes, status: int = OK) -> None:
    """Let a host call yield bytes; the places of address and size are its last arguments."""

    def reply(run: Runtime, *arguments: int) -> int:
        end = -1 if name == "proxy_get_shared_data" else len(arguments)
        pointer, size = arguments[:end][-2:]
        if status == OK:
            deliver(run, data, pointer, size)
        return status

    runtime.host = Host({name: reply})


def test_there_is_a_function_for_each_of_pals(linked: LinkedRuntime) -> None:
    seam = {
        name
        for name, value in vars(hostcalls).items()
        if callable(value) and not name.startswith("_") and not isinstance(value, type)
    } - {"install"}
    compiled = {
        name.removeprefix(PREFIX)
        for name in linked.linked.function_sizes
        if name.startswith(PREFIX)
    }
    assert compiled == seam


def test_imports_are_host_calls_and_nothing_else(linked: LinkedRuntime) -> None:
    others = {name for name in linked.linked.imports if not name.startswith("env.proxy_")}
    assert others == {"env.envoy_resolve_dns"}
    # proxy_get_log_level and all others of ABI 0.2.1, but those that no plugin of ours may call.
    assert len(linked.linked.imports) == 39 + len(others)


# Arguments of the compiled function, then words and bytes that the host must see.
SIMPLE = [
    ("log", (Tagged(2), "hé\udcff"), "proxy_log", (2, "hé".encode() + b"\xff")),
    ("set_tick_period_milliseconds", (Tagged(100),), None, (100,)),
    ("set_property", ("a\0b", b"v"), None, (b"a\0b", b"v")),
    ("set_header_map_pairs", (Tagged(2), b"\0" * 4), None, (2, b"\0" * 4)),
    ("add_header_map_value", (Tagged(0), "a", "b\udc80"), None, (0, b"a", b"b\x80")),
    ("replace_header_map_value", (Tagged(1), "a", ""), None, (1, b"a", b"")),
    ("remove_header_map_value", (Tagged(1), "a"), None, (1, b"a")),
    ("set_buffer_bytes", (Tagged(0), Tagged(0), Tagged(-1), b"xy"), None, (0, 0, -1, b"xy")),
    (
        "send_local_response",
        (Tagged(403), "why", b"body", b"\0\0\0\0", Tagged(-1)),
        None,
        (403, b"why", b"body", b"\0\0\0\0", -1),
    ),
    ("continue_stream", (Tagged(1),), None, (1,)),
    ("close_stream", (Tagged(0),), None, (0,)),
    ("set_effective_context", (Tagged(7),), None, (7,)),
    ("done", (), None, ()),
    ("increment_metric", (Tagged(4), Tagged(-(2**40))), None, (4, -(2**40))),
    ("record_metric", (Tagged(5), Tagged(2**40)), None, (5, 2**40)),
    ("set_shared_data", ("k", b"v", Tagged(9)), None, (b"k", b"v", 9)),
    ("enqueue_shared_queue", (Tagged(3), b"m"), None, (3, b"m")),
    ("grpc_send", (Tagged(6), b"m", True), None, (6, b"m", 1)),
    ("grpc_cancel", (Tagged(6),), None, (6,)),
    ("grpc_close", (Tagged(6),), None, (6,)),
]


def spread(runtime: Runtime, arguments: tuple[int, ...], shape: tuple[int | bytes, ...]) -> object:
    """The host's words, with address and size made bytes where bytes are expected."""
    rest = list(arguments)
    seen: list[int | bytes] = []
    for expected in shape:
        if isinstance(expected, bytes):
            address, size = rest.pop(0), rest.pop(0)
            seen.append(runtime.read(address, size))
        else:
            seen.append(rest.pop(0))
    assert rest == []
    return tuple(seen)


@pytest.mark.parametrize(("name", "arguments", "host", "expected"), SIMPLE)
@pytest.mark.parametrize("status", [OK, NOT_FOUND])
def test_calls_that_answer_a_status(
    runtime: Runtime,
    name: str,
    arguments: tuple[object, ...],
    host: str | None,
    expected: tuple[int | bytes, ...],
    status: int,
) -> None:
    seen: list[object] = []

    def reply(run: Runtime, *words: int) -> int:
        seen.append(spread(run, words, expected))
        return status

    runtime.host = Host({host or f"proxy_{name}": reply})
    assert runtime.call(PREFIX + name, *arguments, result="tagged") == status
    assert seen == [expected]
    assert runtime.call(PREFIX + "last_status", result="tagged") == status


NUMBERS = [
    ("get_log_level", (), "<I", 3, 0),
    ("get_current_time_nanoseconds", (), "<Q", 1_700_000_000_123_456_789, 0),
    ("get_header_map_size", (Tagged(0),), "<I", 77, -1),
    ("get_buffer_status", (Tagged(0),), "<I", 0xFFFFFFFF, -1),
    ("define_metric", (Tagged(0), "name"), "<I", 4, -1),
    ("get_metric", (Tagged(4),), "<Q", 2**40, 0),
    ("register_shared_queue", ("q",), "<I", 1, -1),
    ("resolve_shared_queue", ("", "q"), "<I", 1, -1),
    ("http_call", ("c", b"h", b"b", b"t", Tagged(5)), "<I", 4, -1),
    ("grpc_call", (b"s", "n", "m", b"i", b"m", Tagged(5)), "<I", 5, -1),
    ("grpc_stream", (b"s", "n", "m", b"i"), "<I", 6, -1),
    ("resolve_dns", ("db.test",), "<I", 2, -1),
]


@pytest.mark.parametrize(("name", "arguments", "layout", "value", "otherwise"), NUMBERS)
def test_calls_that_answer_a_number(
    runtime: Runtime,
    name: str,
    arguments: tuple[object, ...],
    layout: str,
    value: int,
    otherwise: int,
) -> None:
    place = -2 if name == "get_buffer_status" else -1

    def reply(run: Runtime, *words: int) -> int:
        run.write(words[place], struct.pack(layout, value))
        return OK

    imported = "envoy_resolve_dns" if name == "resolve_dns" else f"proxy_{name}"
    runtime.host = Host({imported: reply})
    assert runtime.call(PREFIX + name, *arguments, result="tagged") == value
    runtime.host = Host({imported: lambda _, *__: NOT_FOUND})
    assert runtime.call(PREFIX + name, *arguments, result="tagged") == otherwise
    assert runtime.call(PREFIX + "last_status", result="tagged") == NOT_FOUND


BYTES = [
    ("get_property", ("a\0b",)),
    ("get_header_map_pairs", (Tagged(0),)),
    ("get_buffer_bytes", (Tagged(0), Tagged(0), Tagged(100))),
    ("get_shared_data", ("k",)),
    ("dequeue_shared_queue", (Tagged(1),)),
    ("call_foreign_function", ("f", b"a")),
]


@pytest.mark.parametrize(("name", "arguments"), BYTES)
@pytest.mark.parametrize("data", [b"", b"x", b"\xff\0" * 300])
def test_calls_that_yield_bytes(
    runtime: Runtime, name: str, arguments: tuple[object, ...], data: bytes
) -> None:
    answer(runtime, f"proxy_{name}", data)
    assert runtime.call(PREFIX + name, *arguments) == data
    answer(runtime, f"proxy_{name}", data, NOT_FOUND)
    assert runtime.call(PREFIX + name, *arguments) is None
    assert runtime.call(PREFIX + "last_status", result="tagged") == NOT_FOUND


def test_a_buffer_becomes_bytes_without_a_copy(runtime: Runtime) -> None:
    addresses = []

    def reply(run: Runtime, *words: int) -> int:
        deliver(run, b"z" * 1000, *words[-2:])
        addresses.append(run.u32(words[-2]))
        return OK

    runtime.host = Host({"proxy_get_property": reply})
    path = runtime.make("p")
    made = runtime.raw(PREFIX + "get_property", path)
    assert made + 24 == addresses[0]
    runtime.release(made)
    runtime.release(path)


@given(raw_texts)
def test_text_survives_both_ways(shared: Runtime, data: bytes) -> None:
    answer(shared, "proxy_get_header_map_value", data)
    text = shared.call(PREFIX + "get_header_map_value", Tagged(0), "name")
    assert text == data.decode("utf-8", "surrogateescape")

    seen: list[bytes] = []

    def reply(run: Runtime, _: int, address: int, size: int) -> int:
        seen.append(run.read(address, size))
        return OK

    shared.host = Host({"proxy_log": reply})
    shared.call(PREFIX + "log", Tagged(1), text, result="tagged")
    assert seen == [data]


@given(st.text("aé語😀\ud800\udbff\udc00\udc7f\udc80\udcbf\udcc0\udcff\udd00\udfff"))
def test_any_text_goes_to_the_host(shared: Runtime, text: str) -> None:
    """Surrogates that stand for no byte go as their three bytes, as those of the test host."""
    seen: list[bytes] = []

    def reply(run: Runtime, _: int, address: int, size: int) -> int:
        seen.append(run.read(address, size))
        return OK

    shared.host = Host({"proxy_log": reply})
    shared.call(PREFIX + "log", Tagged(1), text, result="tagged")
    assert seen == [encode_text(text)]


@pytest.mark.parametrize(
    ("name", "arguments"), [*BYTES, ("get_header_map_value", (Tagged(0), "n"))]
)
@pytest.mark.parametrize("fault", ["larger", "elsewhere", "unasked", "older", "null"])
def test_a_host_that_answers_nonsense(
    runtime: Runtime, name: str, arguments: tuple[object, ...], fault: str
) -> None:
    def reply(run: Runtime, *words: int) -> int:
        end = -1 if name == "get_shared_data" else len(words)
        pointer, size = words[:end][-2:]
        address, claimed = 0, 10
        if fault == "larger":
            address, claimed = run.raw("malloc", 10), 11
        elif fault == "elsewhere":
            address = run.raw("malloc", 20) + 4
        elif fault == "unasked":
            address = 64
        run.write(pointer, address.to_bytes(4, "little"))
        run.write(size, claimed.to_bytes(4, "little"))
        return OK

    runtime.host = Host({f"proxy_{name}": reply})
    assert runtime.call(PREFIX + name, *arguments) is None
    assert runtime.call(PREFIX + "last_status", result="tagged") == INTERNAL_FAILURE


@pytest.mark.parametrize("asked", [0, 5])
def test_a_host_that_asks_and_delivers_nothing(runtime: Runtime, asked: int) -> None:
    def reply(run: Runtime, *words: int) -> int:
        address = run.raw("malloc", asked)
        run.write(words[-2], address.to_bytes(4, "little"))
        run.write(words[-1], bytes(4))
        return OK

    runtime.host = Host({"proxy_get_property": reply, "proxy_get_header_map_value": reply})
    assert runtime.call(PREFIX + "get_property", "p") == b""
    assert runtime.call(PREFIX + "get_header_map_value", Tagged(0), "n") == ""


def test_a_host_that_delivers_less_than_it_asked_for(runtime: Runtime) -> None:
    def reply(run: Runtime, *words: int) -> int:
        deliver(run, b"abcdef", *words[-2:])
        run.write(words[-1], (2).to_bytes(4, "little"))
        return OK

    runtime.host = Host({"proxy_get_property": reply})
    assert runtime.call(PREFIX + "get_property", "p") == b"ab"


def test_a_failed_call_leaves_no_buffer_behind(runtime: Runtime) -> None:
    def reply(run: Runtime, *_: int) -> int:
        run.raw("malloc", 50)
        return NOT_FOUND

    runtime.host = Host({"proxy_get_property": reply})
    assert runtime.call(PREFIX + "get_property", "p") is None


def test_the_number_that_comes_with_shared_data(runtime: Runtime) -> None:
    def reply(run: Runtime, *words: int) -> int:
        deliver(run, b"v", *words[-3:-1])
        run.write(words[-1], (0xFFFFFFFF).to_bytes(4, "little"))
        return OK

    runtime.host = Host({"proxy_get_shared_data": reply})
    assert runtime.call(PREFIX + "get_shared_data", "k") == b"v"
    assert runtime.call(PREFIX + "last_shared_data_cas", result="tagged") == 0xFFFFFFFF
    runtime.host = Host({"proxy_get_shared_data": lambda _, *__: NOT_FOUND})
    assert runtime.call(PREFIX + "get_shared_data", "k") is None
    assert runtime.call(PREFIX + "last_shared_data_cas", result="tagged") == 0


@pytest.mark.parametrize("message", [b"", b"went away", b"\xff"])
def test_grpc_status(runtime: Runtime, message: bytes) -> None:
    def reply(run: Runtime, code: int, pointer: int, size: int) -> int:
        run.write(code, (14).to_bytes(4, "little"))
        deliver(run, message, pointer, size)
        return OK

    runtime.host = Host({"proxy_get_status": reply})
    assert runtime.call(PREFIX + "get_grpc_status", result="tagged") == 14
    text = message.decode("utf-8", "surrogateescape")
    assert runtime.call(PREFIX + "get_grpc_message") == text
    runtime.host = Host({"proxy_get_status": lambda _, *__: NOT_FOUND})
    assert runtime.call(PREFIX + "get_grpc_status", result="tagged") == 0
    assert runtime.call(PREFIX + "get_grpc_message") == ""


# Pairs


def encode_pairs(pairs: list[tuple[bytes, bytes]]) -> bytes:
    sizes = b"".join(struct.pack("<II", len(name), len(value)) for name, value in pairs)
    content = b"".join(name + b"\0" + value + b"\0" for name, value in pairs)
    return struct.pack("<I", len(pairs)) + sizes + content


@given(st.text("12.:[]a", max_size=12) | st.ip_addresses().map("[{}]:80".format))
@example("127.0.0.1:8080")
@example("[::1]:8080")
@example("[::1")
def test_addresses_without_their_ports(shared: Runtime, text: str) -> None:
    found = shared.call("native__pal__ip_address__without_port", text)
    assert found == ip_address.without_port(text)


@given(st.one_of(st.ip_addresses().map(str), st.text("0123456789aF:.%", max_size=24)))
def test_addresses(shared: Runtime, text: str) -> None:
    assert shared.call("native__pal__ip_address__packed", text) == ip_address.packed(text)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "1.2.3.4",
            "01.2.3.4",
            "1.2.3",
            "1.2.3.4.5",
            "1.2.3.256",
            "",
            "::",
            ":::",
            "1:::2",
            "1::",
        ),
        *("::1::", ":1::2", "1::2:", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7::", "1:2:3:4::5:6:7:8"),
        *("1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7", "::2:3:4:5:6:7:8", "::1.2.3.4", "1.2.3.4::"),
        *(
            "1:2:3:4:5:6:1.2.3.4",
            "1:2:3:4:5:6:7:1.2.3.4",
            "::1.2.3.4:5",
            "fe80::1%a",
            "::1%",
            "::%a%",
        ),
        *("12345::", "::g", "1:2:3:4:5:6:7:8::", "::1.2.3", "1::2::3", "::1.2.3.4.5", "::01.2.3.4"),
        *("1::", "::%a%"),
    ],
)
def test_address_as_written(shared: Runtime, text: str) -> None:
    assert shared.call("native__pal__ip_address__packed", text) == ip_address.packed(text)


names = st.sampled_from([b"", b"a", b"ab", b"b", b":path", b"\xff"])
pair_lists = st.lists(st.tuples(names, st.binary(max_size=5)), max_size=5)


@given(pair_lists, names)
def test_first(shared: Runtime, pairs: list[tuple[bytes, bytes]], wanted: bytes) -> None:
    found = [value.decode("utf-8", "surrogateescape") for name, value in pairs if name == wanted]
    name = wanted.decode("utf-8", "surrogateescape")
    answered = shared.call("native__pal__pairs__first", encode_pairs(pairs), name)
    assert answered == (found[0] if found else None)
    assert shared.call("native__pal__pairs__values", encode_pairs(pairs), name) == found
    count = shared.call("native__pal__pairs__count", encode_pairs(pairs), result="tagged")
    assert count == len(pairs)


def readable(data: bytes) -> list[tuple[bytes, bytes]]:
    """What a careful reader finds in any bytes."""
    found: list[tuple[bytes, bytes]] = []
    if len(data) < 4:
        return found
    (count,) = struct.unpack_from("<I", data)
    at = 4 + 8 * count
    if at > len(data):
        return found
    for number in range(count):
        name, value = struct.unpack_from("<II", data, 4 + 8 * number)
        if at + name + value + 2 > len(data):
            break
        found.append((data[at : at + name], data[at + name + 1 : at + name + 1 + value]))
        at += name + value + 2
    return found


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    data = bytearray(encode_pairs(draw(pair_lists)))
    for _ in range(draw(st.integers(0, 3))):
        data[draw(st.integers(0, len(data) - 1))] = draw(st.sampled_from([0, 1, 2, 127, 128, 255]))
    return bytes(data[: draw(st.integers(0, len(data)))])


@given(damaged() | st.binary(max_size=20), names)
def test_damaged_pairs_end_early(shared: Runtime, data: bytes, wanted: bytes) -> None:
    expected = readable(data)
    assert shared.call("native__pal__pairs__count", data, result="tagged") == len(expected)
    name = wanted.decode("utf-8", "surrogateescape")
    values = [v.decode("utf-8", "surrogateescape") for n, v in expected if n == wanted]
    answered = shared.call("native__pal__pairs__first", data, name)
    assert answered == (values[0] if values else None)
    assert shared.call("native__pal__pairs__values", data, name) == values
    assert shared.call("native__pal__pairs__items", data) == pal_pairs.items(data)


# Names

any_text = st.text() | st.text("aZ.{},%\0\x1f\x7f é語😀\ud800\udc80\udcff", max_size=80)


@given(any_text)
def test_label_values(shared: Runtime, value: str) -> None:
    escaped = shared.call("native__pal__stat_names__escape", value)
    assert escaped == stat_names.escape(value)


@given(any_text, st.lists(st.tuples(any_text, any_text), min_size=1, max_size=3))
def test_labelled_names(shared: Runtime, name: str, pairs: list[tuple[str, str]]) -> None:
    labels, values = [label for label, _ in pairs], [value for _, value in pairs]
    named = shared.call("native__pal__stat_names___labelled", name, labels, values)
    assert named == stat_names.stat_name(name, labels, values)


@given(st.lists(st.tuples(any_text, any_text), max_size=3))
def test_pairs_to_write(shared: Runtime, headers: list[tuple[str, str]]) -> None:
    assert shared.call("native__pal__pairs__encode", headers) == pal_pairs.encode(headers)


@given(any_text | st.text("aZ-_é()", max_size=3))
def test_header_names(shared: Runtime, name: str) -> None:
    assert shared.call("native__pal__header_name__lower", name) == header_name.lower(name)
    is_valid = shared.call("native__pal__header_name__is_valid", name, result="raw")
    assert is_valid == header_name.is_valid(name)


@given(any_text)
def test_attribute_paths(shared: Runtime, path: str) -> None:
    separated = shared.call("native__pal__attributes__separated", path)
    assert separated == (path if "\0" in path else path.replace(".", "\0"))


@given(st.text("-0123456789 +_x\u0661", max_size=24) | st.integers().map(str))
def test_leading_ints(shared: Runtime, text: str) -> None:
    answered = shared.call("native__pal__digits__leading_int", text, result="tagged")
    assert answered == digits.leading_int(text)


escapes = st.sampled_from(
    [r"\n", r"\\", r"\"", r"\/", r"\u00e9", r"\ud83d", r"\uDE00", r"\uD83D\uDE00"]
)


@given(st.lists(escapes | st.text("a\0é😀 u", max_size=3)).map("".join))
def test_escapes_in_json(shared: Runtime, text: str) -> None:
    assert shared.call("native__pal__json_scan___unescape", text) == json_scan._unescape(text)


@pytest.mark.parametrize("code", range(-1, 15))
def test_names_of_statuses(shared: Runtime, code: int) -> None:
    assert shared.call("native__pal__status__name", Tagged(code)) == status.name(code)


def last_status(runtime: Runtime) -> object:
    return runtime.call(PREFIX + "last_status", result="tagged")


@given(st.integers(-(2**62), 2**62 - 1))
def test_integers_of_attributes(shared: Runtime, number: int) -> None:
    answer(shared, "proxy_get_property", number.to_bytes(8, "little", signed=True))

    found = shared.call("native__pal__attributes___number", "request.size", result="tagged")

    assert found == number
    assert last_status(shared) == OK


@pytest.mark.parametrize("size", [0, 1, 7, 9, 16, 17, 300])
def test_attributes_that_are_no_integers(shared: Runtime, size: int) -> None:
    answer(shared, "proxy_get_property", b"x" * size)

    assert shared.call("native__pal__attributes___number", "request.path", result="tagged") == 0
    assert last_status(shared) == status.PARSE_FAILURE


def test_an_attribute_that_is_not_there(shared: Runtime) -> None:
    answer(shared, "proxy_get_property", b"", NOT_FOUND)

    assert shared.call("native__pal__attributes___number", "request.size", result="tagged") == 0
    assert last_status(shared) == NOT_FOUND


@pytest.mark.parametrize("odd", [b"", "é".encode(), b"\xff", b"\xed\xb2\x80"])
@pytest.mark.parametrize("size", range(35))
def test_texts_of_the_host_have_any_size(shared: Runtime, size: int, odd: bytes) -> None:
    plain = bytes(range(0x41, 0x41 + size))
    for place in {0, size // 2, size}:
        value = plain[:place] + odd + plain[place:]
        answer(shared, "proxy_get_header_map_value", value)
        wanted = value.decode("utf-8", "surrogateescape")

        assert shared.call(PREFIX + "get_header_map_value", Tagged(0), "n") == wanted
        assert (
            shared.call("native__pal__pairs__first", encode_pairs([(b"n", value)]), "n") == wanted
        )


def test_a_place_that_nobody_filled_is_given_to_no_later_call(runtime: Runtime) -> None:
    answer(runtime, "proxy_get_property", b"", NOT_FOUND)
    runtime.call("native__pal__attributes___number", "request.size", result="tagged")
    answer(runtime, "proxy_get_property", b"text")

    first = runtime.call(PREFIX + "get_property", "request.path")
    second = runtime.call(PREFIX + "get_property", "request.path")

    assert first == second == b"text"


def test_a_number_that_lies_elsewhere_is_none(runtime: Runtime) -> None:
    def reply(run: Runtime, *words: int) -> int:
        run.raw("malloc", 8)
        run.write(words[-2], (64).to_bytes(4, "little"))
        run.write(words[-1], (8).to_bytes(4, "little"))
        return OK

    runtime.host = Host({"proxy_get_property": reply})
    assert runtime.call("native__pal__attributes___number", "a", result="tagged") == 0
    assert last_status(runtime) == status.PARSE_FAILURE


@pytest.mark.parametrize(
    ("text", "code"), [(b"200", 200), (b"", 0), (b"x", 0), (b"40x", 40), (b"2" * 20, 0)]
)
def test_the_status_code_of_a_response(shared: Runtime, text: bytes, code: int) -> None:
    answer(shared, "proxy_get_header_map_value", text)
    assert shared.call("native__pal__context___status_code", result="tagged") == code
    answer(shared, "proxy_get_header_map_value", b"", NOT_FOUND)
    assert shared.call("native__pal__context___status_code", result="tagged") == 0
