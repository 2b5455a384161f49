"""Text operations against CPython's."""

from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.runtime.harness import LinkedRuntime, Runtime, Tagged, outcome

# Few characters, so that parts are found in texts: widths 1 to 4, surrogates, spaces and line
# breaks of all kinds, letters whose case is special.
ALPHABET = "ab\tA \n\r\x0b\x1c\x85\xa0éßİ\u017f\u2028\u3000語\ud800\udcff😀𐐨\U0010ffff"
texts = st.text(ALPHABET, max_size=12)
parts = st.text(ALPHABET, max_size=3)
any_text = st.text(st.characters(codec=None), max_size=20)
bounds = st.integers(-15, 15) | st.sampled_from([-(2**62), 2**62 - 1])


@pytest.fixture(scope="module")
def guest(linked: LinkedRuntime) -> Runtime:
    return Runtime(linked)


def same(guest: Callable[[], object], python: Callable[[], object]) -> None:
    assert outcome(guest) == outcome(python)


@given(texts, texts)
def test_concatenation_equality_and_order(guest: Runtime, left: str, right: str) -> None:
    assert guest.call("PyUnicode_Concat", left, right) == left + right
    assert guest.call("CPyStr_Equal", left, right, result="raw") == (left == right)
    assert guest.call("CPyStr_Equal", left, left, result="raw") == 1
    assert guest.call("CPyStr_EqualLiteral", left, right, 7, result="raw") == (left == right)
    order = guest.call("PyUnicode_Compare", left, right, result="raw")
    assert order == (left > right) - (left < right)


@given(st.lists(texts, max_size=40))
def test_append_grows_a_text_that_nobody_else_holds(guest: Runtime, pieces: list[str]) -> None:
    before = guest.live_objects()
    text = guest.make("x")
    for piece in pieces:
        part = guest.make(piece)
        text = guest.raw("CPyStr_Append", text, part)
        guest.release(part)
    assert guest.value(text) == "x" + "".join(pieces)
    guest.release(text)
    assert guest.live_objects() == before


@given(texts, texts)
def test_append_leaves_a_shared_text_alone(guest: Runtime, left: str, right: str) -> None:
    shared, added = guest.make(left), guest.make(right)
    guest.write(shared, (guest.u32(shared) + 1).to_bytes(4, "little"))
    result = guest.raw("CPyStr_Append", shared, added)
    assert (guest.value(shared), guest.value(result)) == (left, left + right)
    for address in (shared, added, result):
        guest.release(address)


def test_append_of_a_text_to_itself(guest: Runtime) -> None:
    text = guest.make("ab")
    text = guest.raw("CPyStr_Append", text, text)
    assert guest.value(text) == "abab"
    guest.release(text)


@given(st.lists(texts, max_size=6))
def test_build(guest: Runtime, pieces: list[str]) -> None:
    before = guest.live_objects()
    addresses = [guest.make(piece) for piece in pieces]
    array = guest.raw("mixer2_alloc", 4 * len(pieces) + 4)
    guest.write(array, b"".join(a.to_bytes(4, "little") for a in addresses))
    text = guest.raw("CPyStr_Build", len(pieces), array)
    assert guest.value(text) == "".join(pieces)
    for address in (*addresses, text):
        guest.release(address)
    guest.raw("mixer2_free", array)
    assert guest.live_objects() == before


@given(texts, st.integers(-2, 5))
def test_multiply(guest: Runtime, text: str, count: int) -> None:
    assert guest.call("CPyStr_Multiply", text, Tagged(count)) == text * count


def test_multiply_beyond_memory(guest: Runtime) -> None:
    with pytest.raises(MemoryError):
        guest.call("CPyStr_Multiply", "ab", Tagged(2**62 - 1))


@given(texts, bounds)
def test_index(guest: Runtime, text: str, index: int) -> None:
    same(lambda: guest.call("CPyStr_GetItem", text, Tagged(index)), lambda: text[index])
    if -len(text) <= index < len(text):
        positive = guest.call("CPyStr_AdjustIndex", text, index, result="raw")
        assert guest.call("CPyStr_RangeCheck", text, positive, result="raw") == 1
        code = guest.call("CPyStr_GetItemUnsafeAsInt", text, positive, result="tagged")
        assert code == ord(text[index])


@given(texts, bounds, bounds)
def test_slice(guest: Runtime, text: str, start: int, end: int) -> None:
    assert guest.call("CPyStr_GetSlice", text, Tagged(start), Tagged(end)) == text[start:end]


@given(texts)
def test_size_truth_and_hash(guest: Runtime, text: str) -> None:
    assert guest.call("CPyStr_Size_size_t", text, result="raw") == len(text)
    assert guest.call("CPyStr_IsTrue", text, result="raw") == bool(text)
    assert guest.call("str_hash_slot", text, result="raw") == guest.call(
        "str_hash_slot", "".join([*text]), result="raw"
    )


@given(texts, parts, bounds, bounds, st.sampled_from([1, -1]))
def test_find(guest: Runtime, text: str, part: str, start: int, end: int, direction: int) -> None:
    find = text.find if direction > 0 else text.rfind
    answer = guest.call(
        "CPyStr_FindWithEnd", text, part, Tagged(start), Tagged(end), direction, result="tagged"
    )
    assert answer == find(part, start, end)
    answer = guest.call("CPyStr_Find", text, part, Tagged(start), direction, result="tagged")
    assert answer == find(part, start)
    contained = guest.call("PyUnicode_Contains", text, part, result="raw")
    assert contained == (part in text)


@given(texts, parts, bounds, bounds)
def test_count(guest: Runtime, text: str, part: str, start: int, end: int) -> None:
    answer = guest.call("CPyStr_Count", text, part, Tagged(start), result="raw")
    assert answer == text.count(part, start)
    answer = guest.call("CPyStr_CountFull", text, part, Tagged(start), Tagged(end), result="raw")
    assert answer == text.count(part, start, end)


@given(texts, parts, st.lists(parts | st.integers(0, 3), max_size=3))
def test_affixes(guest: Runtime, text: str, part: str, several: list[str | int]) -> None:
    for function, method in (
        ("CPyStr_Startswith", text.startswith),
        ("CPyStr_Endswith", text.endswith),
    ):
        assert guest.call(function, text, part, result="raw") == method(part)
        same(
            lambda f=function: bool(guest.call(f, text, tuple(several), result="raw")),  # type: ignore[misc]
            lambda m=method: m(tuple(several)),  # type: ignore[misc]
        )
    assert guest.call("CPyStr_Removeprefix", text, part) == text.removeprefix(part)
    assert guest.call("CPyStr_Removesuffix", text, part) == text.removesuffix(part)


@given(texts, parts | st.none())
def test_strip(guest: Runtime, text: str, characters: str | None) -> None:
    assert guest.call("CPyStr_Strip", text, characters) == text.strip(characters)
    assert guest.call("CPyStr_LStrip", text, characters) == text.lstrip(characters)
    assert guest.call("CPyStr_RStrip", text, characters) == text.rstrip(characters)
    assert guest.call("CPyStr_Strip", text, 0) == text.strip()


@given(texts, parts | st.none(), st.integers(-2, 4))
@example("  a  b ", None, 1)
@example("", None, 0)
def test_split(guest: Runtime, text: str, separator: str | None, limit: int) -> None:
    for function, method in (("CPyStr_Split", text.split), ("CPyStr_RSplit", text.rsplit)):
        same(
            lambda f=function: guest.call(f, text, separator, Tagged(limit)),  # type: ignore[misc]
            lambda m=method: m(separator, limit),  # type: ignore[misc]
        )
    same(lambda: guest.call("PyUnicode_Split", text, separator, -1), lambda: text.split(separator))
    same(
        lambda: guest.call("PyUnicode_RSplit", text, separator, -1), lambda: text.rsplit(separator)
    )


@given(texts, st.booleans())
def test_splitlines(guest: Runtime, text: str, keep: bool) -> None:
    assert guest.call("PyUnicode_Splitlines", text, keep) == text.splitlines(keep)


@given(texts, parts)
def test_partition(guest: Runtime, text: str, part: str) -> None:
    same(lambda: guest.call("PyUnicode_Partition", text, part), lambda: text.partition(part))
    same(lambda: guest.call("PyUnicode_RPartition", text, part), lambda: text.rpartition(part))


@given(texts, parts, parts, st.integers(-2, 4))
def test_replace(guest: Runtime, text: str, old: str, new: str, limit: int) -> None:
    expected = text.replace(old, new, limit)
    assert guest.call("CPyStr_Replace", text, old, new, Tagged(limit)) == expected
    assert guest.call("PyUnicode_Replace", text, old, new, -1) == text.replace(old, new)


@given(parts, st.lists(texts | st.integers(0, 3) | st.none(), max_size=4))
def test_join(guest: Runtime, separator: str, items: list[object]) -> None:
    for sequence in (items, tuple(items)):
        same(
            lambda s=sequence: guest.call("PyUnicode_Join", separator, s),  # type: ignore[misc]
            lambda s=sequence: separator.join(s),  # type: ignore[misc]
        )


def test_join_of_what_is_no_iterable(guest: Runtime) -> None:
    with pytest.raises(TypeError, match=r"^can only join an iterable$"):
        guest.call("PyUnicode_Join", ",", None)


@given(texts)
def test_join_of_a_text(guest: Runtime, text: str) -> None:
    assert guest.call("PyUnicode_Join", "-", text) == "-".join(text)


@given(any_text)
@example("it's")
@example('it\'s "x"')
def test_repr(guest: Runtime, text: str) -> None:
    assert guest.call("str_repr", text) == repr(text)


@given(texts)
def test_ord(guest: Runtime, text: str) -> None:
    same(
        lambda: (
            guest.call("CPyStr_Ord", text, result="tagged")
            if len(text) == 1
            else guest.call("CPyStr_Ord", text, result="none")
        ),
        lambda: ord(text),
    )


@given(st.integers(-(2**62), 2**62 - 1) | st.integers(-1, 0x110001))
def test_chr(guest: Runtime, code_point: int) -> None:
    def python() -> str:
        if code_point >= 2**31 or code_point < -(2**31):
            raise ValueError("chr() arg not in range(0x110000)")  # CPython: OverflowError of C
        return chr(code_point)

    same(lambda: guest.call("builtin_chr", Tagged(code_point)), python)
