"""The fixture `load`: one test body, natively and as Wasm."""

import sys
from pathlib import Path

import pytest

from mixer2.testhost import ConfigurationRefusedError, Host, LoadError, Response
from mixer2.testhost.plugin import Load

HELLO = """
from pal import Action, HttpContext, PluginContext, log
from pal.metrics import Counter

class Hello(HttpContext):
    def __init__(self, plugin: "HelloPlugin") -> None:
        super().__init__(plugin)
        self.hello = plugin

    def on_response_headers(self, end_of_stream: bool) -> Action:
        self.response_headers.set("x-hello", self.hello.greeting)
        self.hello.greetings.increment()
        log.info("said " + self.hello.greeting)
        return Action.CONTINUE

class HelloPlugin(PluginContext):
    def __init__(self) -> None:
        super().__init__()
        self.greeting: str = ""

    def on_configure(self) -> bool:
        self.greeting = self.configuration.decode()
        self.greetings = Counter("greetings_total")
        return len(self.greeting) > 0

    def create_http_context(self) -> HttpContext:
        return Hello(self)
"""


@pytest.fixture
def hello(tmp_path: Path) -> Path:
    source = tmp_path / "hello.py"
    source.write_text(HELLO)
    return source


def test_a_filter_serves(load: Load, hello: Path) -> None:
    host = load(hello, "hi")
    response = host.get("/x", {"x-tenant": "gold"}, upstream=Response(201, body=b"body"))

    assert (response.status, response.body) == (201, b"body")
    assert response.headers["x-hello"] == "hi"
    assert host.stats["greetings_total"] == 1
    assert host.log_lines == ["said hi"]
    assert host.upstream_requests[0].headers["x-tenant"] == "gold"


def test_a_refused_configuration_is_an_error(load: Load, hello: Path) -> None:
    with pytest.raises(ConfigurationRefusedError, match="configure base Wasm plugin"):
        load(hello, "")


def test_two_hosts_share_nothing(load: Load, hello: Path) -> None:
    one, other = load(hello, "one"), load(hello, "other")

    assert one.get().headers["x-hello"] == "one"
    assert other.get().headers["x-hello"] == "other"
    assert (one.stats["greetings_total"], other.stats["greetings_total"]) == (1, 1)


def test_the_shipped_filter_says_hello(load: Load) -> None:
    assert load("filters/hello.py").get().headers["x-hello"] == "from Python"


def test_a_filter_that_is_not_there_is_named(load: Load) -> None:
    with pytest.raises(FileNotFoundError, match=r"filters/absent\.py"):
        load("filters/absent.py")


def test_an_edited_filter_is_loaded_anew(native: Load, hello: Path) -> None:
    assert native(hello, "hi").get().headers["x-hello"] == "hi"

    hello.write_text(HELLO.replace('"x-hello", self', '"x-hello", "well, " + self'))

    assert native(hello, "hi").get().headers["x-hello"] == "well, hi"


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda text: text.replace("(PluginContext)", ""), "this module has none"),
        (
            lambda text: text + "\n\nclass Other(PluginContext):\n    pass\n",
            "this module has HelloPlugin, Other",
        ),
    ],
)
def test_a_filter_has_exactly_one_plugin(
    native: Load, hello: Path, change: object, why: str
) -> None:
    assert callable(change)
    hello.write_text(change(HELLO))

    with pytest.raises(LoadError, match=why):
        native(hello)


def test_the_modules_of_the_process_are_left_alone(native: Load, hello: Path) -> None:
    import pal.dispatch

    host: Host = native(hello, "hi")
    host.get()

    assert sys.modules["pal.dispatch"] is pal.dispatch
    assert "hello" not in sys.modules
    assert str(hello.parent) not in sys.path
