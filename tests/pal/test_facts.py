"""Every attribute by name, natively and as Wasm."""

import ast
import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixer2.testhost import Host, Response
from mixer2.testhost.plugin import Load
from pal import attributes

FILTER = "tests/pal/stating.py"
FACTS = Path(__file__).parents[2] / "pal" / "facts"


def functions() -> list[tuple[str, str, str]]:
    """Subject, function and attribute path of every function without arguments."""
    found = []
    for module in sorted(FACTS.glob("[a-z]*.py")):
        for node in ast.parse(module.read_text()).body:
            if isinstance(node, ast.FunctionDef) and not node.args.args:
                (path,) = (n.value for n in ast.walk(node.body[-1]) if isinstance(n, ast.Constant))
                found.append((module.stem, node.name, str(path)))
    return found


def facts(host: Host, path: str) -> dict[str, str]:
    host.get(
        path, {"x-fact": "of the request", "user-agent": "test"}, Response(201, {"x-fact": "r"})
    )
    (line,) = host.log_lines
    return dict(entry.split("=", 1) for entry in line.splitlines())


@pytest.mark.simulated("addresses and times of the test host")
def test_in_the_request(load: Load) -> None:
    told = facts(load(FILTER, name="stating"), "/request?q=1")
    assert told["request.path"] == "/request?q=1"
    assert (told["request.url_path"], told["request.query"]) == ("/request", "q=1")
    assert (told["request.method"], told["request.host"]) == ("GET", "example.com")
    assert (told["request.header"], told["request.headers.x-fact"]) == ("of the request",) * 2
    assert told["request.user_agent"] == "test"
    assert int(told["request.started_ns"]) == 1_700_000_000_000_000_000
    assert int(told["request.headers_bytes"]) > 0
    assert told["installation.plugin_name"] == "stating"
    assert told["connection.source_address"] == "127.0.0.1:50000"
    assert told["connection.is_mutual_tls"] == "False"
    assert "response.code" not in told
    assert "upstream.address" not in told


@pytest.mark.simulated("addresses and times of the test host")
def test_in_the_response(load: Load) -> None:
    told = facts(load(FILTER), "/response")
    assert (told["response.code"], told["response.header"]) == ("201", "r")
    assert told["response.headers.x-fact"] == "r"
    assert told["upstream.address"] == "127.0.0.1:8080"
    assert told["upstream.port"] == "8080"
    assert "request.path" not in told
    assert "request.duration_ns" not in told


@pytest.mark.simulated("addresses and times of the test host")
def test_at_the_end(load: Load) -> None:
    told = facts(load(FILTER), "/log?q=1")
    assert told["request.path"] == "/log?q=1"
    assert told["request.duration_ns"] == "0"
    assert told["response.backend_latency_ns"] == "0"
    assert told["installation.cluster_name"] == "upstream"
    assert told["installation.virtual_host_name"] == "default"


def test_each_function_reads_its_path(load: Load) -> None:
    """A value of the right type at every path, and each comes out under its name."""
    values: dict[str, object] = {}
    expected: dict[str, str] = {}
    for number, (subject, name, path) in enumerate(functions(), 1):
        if name in ("headers", "trailers") or path.startswith("plugin_"):
            continue
        source = (FACTS / f"{subject}.py").read_text()
        if f'get_int("{path}")' in source:
            values[path], expected[f"{subject}.{name}"] = -number, str(-number)
        elif f'get_bool("{path}")' in source:
            values[path], expected[f"{subject}.{name}"] = True, "True"
        else:
            values[path], expected[f"{subject}.{name}"] = path, path
    host = load(FILTER, attributes={path: value for path, value in values.items() if "." in path})
    told = facts(host, "/request?q=1")
    assert {name: told.get(name) for name in expected} == expected
    assert len(expected) > 60


def test_values_of_other_kinds(load: Load) -> None:
    names = {("xds", "node", "metadata", "K"): "meta"}
    host = load(FILTER, attributes={**names, "test": {"double": 0.1, "map": {"a": "1", "b": "2"}}})
    told = facts(host, "/request?q=1")
    assert told["installation.node_metadata"] == "meta"
    assert told["double"] == "0.1"
    assert (told["map.a"], told["map.b"]) == ("1", "2")
    host = load(FILTER, attributes={"test": {"list": ["x"]}})
    assert facts(host, "/request?q=1")["list"] == "x"


@given(st.floats(allow_nan=False))
def test_doubles_are_decoded_exactly(number: float) -> None:
    packed = struct.pack("<d", number)
    assert struct.pack("<d", attributes.decode_double(packed)) == packed


@pytest.mark.parametrize(
    "number", [0.0, -0.0, 5e-324, 2.2250738585072014e-308, 1.7976931348623157e308]
)
def test_doubles_at_the_ends(number: float) -> None:
    packed = struct.pack("<d", number)
    assert struct.pack("<d", attributes.decode_double(packed)) == packed
