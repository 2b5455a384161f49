"""Methods of str and bytes that compiled code finds by name, against CPython's."""

from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.runtime.harness import LinkedRuntime, Runtime, outcome

Strategy = st.SearchStrategy[Any]
ALPHABET = "abAB1 \t\n\r.é語ǅß\u2028"
texts = st.text(ALPHABET, max_size=10)
data = st.lists(st.sampled_from([*b"abAB1 \t\n\r\x0b+-\xff"]), max_size=10).map(bytes)
text_parts = st.text(ALPHABET, max_size=2)
data_parts = st.lists(st.sampled_from([*b"abAB1 \n"]), max_size=2).map(bytes)
bounds = st.none() | st.integers(-12, 12) | st.sampled_from([-(2**62), 2**62 - 1])
numbers = st.integers(-3, 20)
# Of a wrong type, now and then: the complaint must be CPython's.
wrong: Strategy = st.sampled_from([None, 1, "x", b"x", 2.5, []])

NOTHING: Strategy = st.just(())
SEARCH: dict[str, Strategy] = {
    "str": st.tuples(text_parts | wrong)
    | st.tuples(text_parts, bounds)
    | st.tuples(text_parts, bounds, bounds | wrong),
    "bytes": st.tuples(data_parts | st.integers(-1, 256) | wrong)
    | st.tuples(data_parts, bounds)
    | st.tuples(data_parts, bounds, bounds | wrong),
}
AFFIX: dict[str, Strategy] = {
    "str": st.tuples(text_parts | st.lists(text_parts | wrong, max_size=3).map(tuple) | wrong)
    | st.tuples(text_parts, bounds, bounds),
    "bytes": st.tuples(data_parts | st.lists(data_parts | wrong, max_size=3).map(tuple) | wrong)
    | st.tuples(data_parts, bounds, bounds),
}
PART: dict[str, Strategy] = {"str": text_parts, "bytes": data_parts}
WHOLE: dict[str, Strategy] = {"str": texts, "bytes": data}
FILL: dict[str, Strategy] = {
    "str": st.text("*é", max_size=2),
    "bytes": st.sampled_from([b"*", b"", b"**", b"\xff"]),
}

METHODS: dict[str, dict[str, Strategy]] = {
    **dict.fromkeys(("find", "rfind", "index", "rindex", "count"), SEARCH),
    **dict.fromkeys(("startswith", "endswith"), AFFIX),
    **{
        name: {kind: st.tuples(part | wrong) | NOTHING for kind, part in PART.items()}
        for name in ("partition", "rpartition", "removeprefix", "removesuffix")
    },
    **{
        name: {kind: NOTHING | st.tuples(part | wrong) for kind, part in PART.items()}
        for name in ("strip", "lstrip", "rstrip")
    },
    **{
        name: {
            kind: NOTHING
            | st.tuples(part | wrong)
            | st.tuples(part | st.none(), st.integers(-1, 3) | wrong)
            for kind, part in PART.items()
        }
        for name in ("split", "rsplit")
    },
    "splitlines": dict.fromkeys(PART, NOTHING | st.tuples(st.booleans())),
    "replace": {
        kind: st.tuples(part | wrong, part | wrong) | st.tuples(part, part, st.integers(-1, 3))
        for kind, part in PART.items()
    },
    **{
        name: {
            kind: st.tuples(numbers | wrong) | st.tuples(numbers, fill | wrong)
            for kind, fill in FILL.items()
        }
        for name in ("ljust", "rjust", "center")
    },
    "zfill": dict.fromkeys(PART, st.tuples(numbers | wrong) | NOTHING),
    **{
        name: dict.fromkeys(PART, NOTHING | st.tuples(st.integers()))
        for name in (
            *("lower", "upper", "isdigit", "isalpha", "isalnum", "isspace", "isascii"),
            *("title", "capitalize", "swapcase", "casefold", "isdecimal", "isnumeric"),
            *("isprintable", "islower", "isupper", "istitle"),
        )
    },
    "__getitem__": {"str": st.tuples(st.integers(-12, 12))},
    "__contains__": {"str": st.tuples(text_parts)},
    "__len__": {"str": NOTHING},
    "isidentifier": {"str": NOTHING | st.tuples(st.integers())},
    "expandtabs": dict.fromkeys(PART, NOTHING | st.tuples(st.integers(-1, 9) | wrong)),
    "join": {kind: st.tuples(st.lists(whole, max_size=3)) for kind, whole in WHOLE.items()},
    "hex": dict.fromkeys(
        PART,
        NOTHING
        | st.tuples(st.sampled_from([":", b"-", "", "::", "é", 1]))
        | st.tuples(st.just(":"), st.integers(-4, 4)),
    ),
}


@pytest.fixture(scope="module")
def guest(linked: LinkedRuntime) -> Runtime:
    return Runtime(linked)


def available(linked: LinkedRuntime) -> list[tuple[str, str]]:
    prefixes = {f"method__{kind}__": kind for kind in PART}
    return [
        (kind, name.removeprefix(prefix))
        for name in linked.linked.function_sizes
        for prefix, kind in prefixes.items()
        if name.startswith(prefix)
    ]


# Tested below, with the formatting of all types (format), or by the dialect's cases (__iter__).
ELSEWHERE = {"encode", "decode", "fromhex", "translate", "maketrans", "format", "__iter__"}
CASES = [
    (kind, name)
    for name, arguments in METHODS.items()
    for kind in arguments
    if hasattr({"str": str, "bytes": bytes}[kind], name)
    and not (
        kind == "bytes"
        and name in {"title", "capitalize", "swapcase", "islower", "isupper", "istitle"}
    )
    and not (kind == "bytes" and name == "expandtabs")
]


def test_every_method_is_tested(linked: LinkedRuntime) -> None:
    assert {case for case in available(linked) if case[1] not in ELSEWHERE} == set(CASES)


@pytest.mark.parametrize(("kind", "name"), CASES)
@settings(max_examples=60)
@given(given_data=st.data())
def test_method(guest: Runtime, kind: str, name: str, given_data: st.DataObject) -> None:
    whole = given_data.draw(WHOLE[kind])
    arguments = given_data.draw(METHODS[name][kind])
    assert outcome(lambda: guest.method(kind, name, whole, *arguments)) == outcome(
        lambda: getattr(whole, name)(*arguments)
    )


@pytest.mark.parametrize("kind", ["str", "bytes"])
@pytest.mark.parametrize(
    ("name", "keywords"),
    [
        ("split", {"maxsplit": 1}),
        ("split", {"sep": None, "maxsplit": 1}),
        ("rsplit", {"maxsplit": 1}),
        ("splitlines", {"keepends": True}),
        ("split", {"nosuch": 1}),
        ("strip", {"chars": None}),
    ],
)
def test_keywords(guest: Runtime, kind: str, name: str, keywords: dict[str, object]) -> None:
    whole: str | bytes = "a b\nc" if kind == "str" else b"a b\nc"
    assert outcome(lambda: guest.method(kind, name, whole, **keywords)) == outcome(
        lambda: getattr(whole, name)(**keywords)
    )


@pytest.mark.parametrize("arguments", [(), ("ascii",), ("ascii", "replace"), (1,), ("ascii", 1)])
def test_encode_and_decode(guest: Runtime, arguments: tuple[object, ...]) -> None:
    assert outcome(lambda: guest.method("str", "encode", "é", *arguments)) == outcome(
        lambda: "é".encode(*arguments)  # type: ignore[arg-type]
    )
    assert outcome(lambda: guest.method("bytes", "decode", b"\xff", *arguments)) == outcome(
        lambda: b"\xff".decode(*arguments)  # type: ignore[arg-type]
    )
    assert guest.method("bytes", "decode", b"\xff", errors="replace") == "\ufffd"
    assert guest.method("str", "encode", "é", encoding="latin-1") == b"\xe9"


@given(st.text("0aFg \té", max_size=6))
@example("")
@example("a")
@example("0 0")
def test_fromhex(guest: Runtime, text: str) -> None:
    assert outcome(lambda: guest.method("bytes", "fromhex", b"", text)) == outcome(
        lambda: bytes.fromhex(text)
    )


@given(data, st.sampled_from([None, bytes(range(256)), bytes(255)]), data_parts)
def test_translate(guest: Runtime, value: bytes, table: bytes | None, deleted: bytes) -> None:
    assert outcome(
        lambda: guest.method("bytes", "translate", value, table, delete=deleted)
    ) == outcome(lambda: value.translate(table, delete=deleted))
    assert outcome(lambda: guest.method("bytes", "translate", value, table)) == outcome(
        lambda: value.translate(table)
    )


TABLES: Strategy = st.dictionaries(
    st.integers(95, 100) | st.sampled_from("ab1é"),
    st.none() | st.text("xyé", max_size=2) | st.integers(-1, 0x110000) | st.just(2.5),
    max_size=4,
)


@given(texts, TABLES | st.just("bc" * 60) | st.just(5))
def test_translation_of_text(guest: Runtime, text: str, table: Any) -> None:
    assert outcome(lambda: guest.invoke("method__str__translate", text, table)) == outcome(
        lambda: text.translate(table)
    )


@given(
    st.tuples(TABLES | st.dictionaries(st.sampled_from(["ab", 2.5, None]), st.none(), max_size=1))
    | st.tuples(texts | wrong, texts | wrong)
    | st.tuples(st.just("abé"), st.just("é1x"), texts | wrong)
)
def test_tables_for_translation(guest: Runtime, arguments: tuple[Any, ...]) -> None:
    assert outcome(lambda: guest.invoke("method__str__maketrans", 0, *arguments)) == outcome(
        lambda: str.maketrans(*arguments)
    )


@given(data | wrong, data | wrong)
@example(b"ab", b"\xff\0")
def test_tables_for_translation_of_bytes(guest: Runtime, source: Any, target: Any) -> None:
    assert outcome(lambda: guest.invoke("method__bytes__maketrans", 0, source, target)) == outcome(
        lambda: bytes.maketrans(source, target)
    )
