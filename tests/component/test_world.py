"""The WIT world has every host call and callback of the ABI, and the template links them."""

import re

import pytest

from mixer2.component.template import shipped_template
from mixer2.testhost.abi import CALLBACKS, HOST_CALLS, Kind
from mixer2.testhost.wasm_interface import read_interface

_FUNCTION = re.compile(
    r"^  (?P<name>[a-z-]+): func\((?P<parameters>[^)]*)\)(?: -> (?P<answer>[^;]+))?;",
    re.MULTILINE,
)
_KINDS = {
    **dict.fromkeys(["bytes", "pairs"], "list"),
    **dict.fromkeys(["u32", "s32", "bool", "header-map", "buffer", "%stream", "token"], "word"),
    **dict.fromkeys(["metric-kind", "status"], "word"),
    **dict.fromkeys(["u64", "s64"], "long"),
}
_OF_KIND = {
    Kind.U32: "word",
    Kind.I64: "long",
    Kind.U64: "long",
    Kind.TEXT: "list",
    Kind.BYTES: "list",
}


def functions(interface: str) -> dict[str, tuple[list[str], list[str]]]:
    """Kinds of the parameters and of the answer of each function, by its name in the ABI."""
    text = re.search(
        rf"^interface {interface} {{$(.*?)^}}$", shipped_template().wit, re.MULTILINE | re.DOTALL
    )
    assert text is not None
    found = {}
    for one in _FUNCTION.finditer(text[1]):
        parameters = [each.split(":")[1].strip() for each in one["parameters"].split(",") if each]
        answers = re.findall(r"[%a-z0-9-]+", (one["answer"] or "").replace("tuple", ""))
        kinds = [_KINDS[each] for each in parameters], [_KINDS[each] for each in answers]
        found[one["name"].replace("-", "_")] = kinds
    return found


HOST = {
    **{f"proxy_{name}": kinds for name, kinds in functions("host").items()},
    **{f"envoy_{name}": kinds for name, kinds in functions("envoy").items()},
}
GUEST = {
    **{f"proxy_{name}": kinds for name, kinds in functions("callbacks").items()},
    **{f"envoy_{name}": kinds for name, kinds in functions("envoy-callbacks").items()},
}


def test_nothing_of_the_abi_is_missing_and_nothing_is_added() -> None:
    assert set(HOST) == set(HOST_CALLS)
    assert set(GUEST) == set(CALLBACKS)


@pytest.mark.parametrize("name", HOST_CALLS)
def test_a_host_call_is_the_abis(name: str) -> None:
    call = HOST_CALLS[name]
    parameters, (status, *results) = HOST[name]

    assert parameters == [_OF_KIND[kind] for kind in call.arguments]
    assert status == "word"
    # Flags of a buffer are always 0, and left out.
    expected = call.results[:1] if name == "proxy_get_buffer_status" else call.results
    assert results == [_OF_KIND[kind] for kind in expected]


@pytest.mark.parametrize("name", CALLBACKS)
def test_a_callback_is_the_abis(name: str) -> None:
    parameters, answer = GUEST[name]

    assert (len(parameters), len(answer)) == CALLBACKS[name]
    assert {*parameters, *answer} == {"word"}


def test_the_template_links_all_of_it() -> None:
    interface = read_interface(shipped_template().code)

    assert {f"env.{name}" for name in HOST_CALLS} <= {one.name for one in interface.imports}
    assert set(CALLBACKS) <= {one.name for one in interface.exports}
