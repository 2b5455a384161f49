"""format(), str.format and % formatting against CPython's, complaints included."""

import math
from typing import Any

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from tests.runtime.harness import Boxed, LinkedRuntime, Runtime, outcome

whole = st.integers(-(2**62), 2**62 - 1) | st.integers(-5000, 5000) | st.booleans()
floats = st.floats() | st.floats(-1e6, 1e6) | st.sampled_from([0.0, -0.0, 0.5, 1e16, 1e-7, 99.95])
texts = st.text("abé語😀", max_size=6)
values = whole | floats | texts


@st.composite
def specifications(draw: st.DrawFn, types: str = "bcdeEfFgGnosxX%") -> str:
    """Mostly valid ones."""

    def maybe(strategy: st.SearchStrategy[str]) -> str:
        return draw(st.just("") | strategy)

    align = st.sampled_from("<>=^")
    fill = st.sampled_from("*0 é😀{")
    return "".join(
        [
            maybe(align | st.tuples(fill, align).map("".join)),
            maybe(st.sampled_from("+- ")),
            maybe(st.just("z")) if draw(st.integers(0, 9)) == 0 else "",
            maybe(st.just("#")),
            maybe(st.just("0")),
            maybe(st.integers(0, 30).map(str)),
            maybe(st.sampled_from(",_")),
            maybe(st.integers(0, 25).map(lambda n: f".{n}")),
            maybe(st.sampled_from(types)),
        ]
    )


@pytest.fixture(scope="module")
def guest(linked: LinkedRuntime) -> Runtime:
    return Runtime(linked)


def check(guest: Runtime, value: object, specification: str) -> None:
    got = outcome(lambda: guest.call("PyObject_Format", Boxed(value), specification))
    assert got == outcome(lambda: format(value, specification)), (value, specification)


@given(value=whole, specification=specifications("bcdnosxX"))
@example(value=1234567, specification="010,")
@example(value=1234, specification="06,")
@example(value=-1234, specification="08,d")
@example(value=0, specification="#x")
@example(value=65, specification="^5c")
@example(value=True, specification="5")
@example(value=255, specification="#_X")
def test_whole_numbers(guest: Runtime, value: int, specification: str) -> None:
    check(guest, value, specification)


@given(value=floats | whole, specification=specifications("eEfFgGn%"))
@example(value=1234.0, specification=".4")
@example(value=-0.0, specification="z.1f")
@example(value=-0.04, specification="z.1f")
@example(value=2.5, specification=".0f")
@example(value=0.15, specification=".1f")
@example(value=9.9999, specification=".3g")
@example(value=5e-324, specification=".400f")
@example(value=1.7976931348623157e308, specification=".30e")
@example(value=1e16, specification="")
@example(value=123456789.0, specification=",.2f")
@example(value=math.inf, specification="010")
@example(value=math.nan, specification="+010.1%")
@example(value=1.0, specification="#.0f")
@example(value=0.0, specification="e")
@example(value=1e22, specification="_")
def test_floats(guest: Runtime, value: float, specification: str) -> None:
    check(guest, value, specification)


@given(value=texts, specification=specifications("s"))
def test_texts(guest: Runtime, value: str, specification: str) -> None:
    check(guest, value, specification)


@given(value=values, specification=specifications() | st.text("+-<>=^ #0z,_.159sdfx%é", max_size=8))
@example(value=1, specification="99999999999999999999")
@example(value=1.0, specification=".99999999999f")
@example(value=1, specification=".")
@example(value=1, specification=",_")
@example(value=1, specification="_,")
@example(value="x", specification=",")
@example(value=1, specification="é")
@example(value=1, specification="5\0")
def test_anything(guest: Runtime, value: object, specification: str) -> None:
    check(guest, value, specification)


@pytest.mark.parametrize("value", [None, [1], (1,), {"a": 1}, b"x"])
def test_types_without_a_language_of_their_own(guest: Runtime, value: object) -> None:
    check(guest, value, "")
    check(guest, value, "5")


fields = st.sampled_from(
    [
        "",
        "0",
        "1",
        "a",
        "9",
        "zz",
        "0[0]",
        "a[k]",
        "0[0][0]",
        "a[",
        "0[]",
        "[0]",
        "0.",
        "a[k]x",
        "{",
    ]
)


@st.composite
def templates(draw: st.DrawFn) -> str:
    def field() -> str:
        name = draw(fields)
        conversion = draw(st.sampled_from(["", "", "!r", "!s", "!a", "!x", "!", "!rr"]))
        spec = draw(
            st.sampled_from(["", "", ":", ":>5", ":{}", ":{0}", ":>{1}", ":{{}}", ":{:{}}"])
        )
        return "{" + name + conversion + spec + "}"

    literal = st.sampled_from(["", "x", "é", "{{", "}}", "{", "}"])
    return "".join(draw(literal) + field() for _ in range(draw(st.integers(0, 3)))) + draw(literal)


@given(template=templates())
@example(template="{0}{}")
@example(template="{}{0}")
@example(template="{0!}")
@example(template="{0!r")
@example(template="{0:{")
@example(template="{:{:{}}}")
@example(template="{!é}")
@example(template="{a!r:>12}|{:^7}|{:{}}")
def test_templates(guest: Runtime, template: str) -> None:
    args: tuple[Any, ...] = ("é", 7, 5, [[1], 2])
    keywords: dict[str, Any] = {"a": {"k": "v"}}
    got = outcome(lambda: guest.invoke("method__str__format", template, *args, **keywords))
    assert got == outcome(lambda: template.format(*args, **keywords)), template


def numbers_in(data: Any, kind: type) -> list[Any]:
    items = data.values() if isinstance(data, dict) else data if isinstance(data, tuple) else [data]
    return [item for item in items if isinstance(item, kind)]


directives = st.builds(
    "%{}{}{}{}{}".format,
    st.sampled_from(["", "", "", "(a)", "(b)", "(zz)"]),
    st.text("-+ #0", max_size=2),
    st.sampled_from(["", "", "5", "12", "*"]),
    st.sampled_from(["", "", ".0", ".3", ".*", "."]),
    st.sampled_from([*"diouxXeEfFgGcrsa%", "ld", "z", "é", ""]),
)


@given(
    pieces=st.lists(directives | st.sampled_from(["x", "%%"]), max_size=3),
    data=st.lists(values | st.none(), max_size=4).map(tuple)
    | st.fixed_dictionaries({"a": values, "b": values})
    | values
    | st.just([1]),
)
@example(pieces=["%c"], data=(0x110000,))
@example(pieces=["%é"], data=(1,))
@example(pieces=["%*d"], data=(-5, 3))
@example(pieces=["%.*f"], data=(-1, 3.0))
@example(pieces=["%99999999999999999999d"], data=(1,))
@example(pieces=["%(a"], data={"a": 1})
@example(pieces=["%.50x"], data=(255,))
@example(pieces=["%(a)*d"], data={"a": 5})
@example(pieces=["%.99999999999d"], data=(1,))
def test_percent(guest: Runtime, pieces: list[str], data: Any) -> None:
    template = "".join(pieces)
    # A huge width is a huge text.
    assume("*" not in template or not any(abs(n) > 10**6 for n in numbers_in(data, int)))
    wanted = outcome(lambda: template % data)
    got = outcome(lambda: guest.call("PyNumber_Remainder", template, Boxed(data)))
    if got == (OverflowError, "int too large for 63 bits"):
        # %d of a float that CPython shows in full.
        assert any(abs(number) >= 2**62 for number in numbers_in(data, float))
    else:
        assert got == wanted, (template, data)
