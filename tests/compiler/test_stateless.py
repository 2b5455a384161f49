"""Which programs need no contexts of their own for streams."""

from pathlib import Path

import pytest

from mixer2.compiler.callbacks import Callback
from mixer2.compiler.frontend.entry import needed_callbacks, stateless_stream
from mixer2.compiler.frontend.program import load_program

ROOT = Path(__file__).parents[2]

PROGRAM = """
from pal import Action, HttpContext, PluginContext, log
{imports}

class Stream(HttpContext):
    def __init__(self, plugin: "Plugin") -> None:
        super().__init__(plugin)
        self._plugin = plugin
        self._limit = plugin.limit
        self._name: str = "x"
{initialiser}
    def on_request_headers(self, end_of_stream: bool) -> Action:
        headers = self.request_headers
        if "x-a" in self.request_headers or headers.get("x-b") == self._text():
            self._plugin.seen += 1
        {request}
        return Action.CONTINUE

    def on_response_headers(self, end_of_stream: bool) -> Action:
        self.response_headers.set("x-a", str(self._limit))
        {response}
        return Action.CONTINUE

    def _text(self) -> str:
        return self._name
{methods}

class Plugin(PluginContext):
    def __init__(self) -> None:
        super().__init__()
        self.limit = 1
        self.seen = 0
        self.streams: list[HttpContext] = []

    def on_configure(self) -> bool:
        self.limit = 2
        return True

    def create_http_context(self) -> HttpContext:
        {create}
{plugin}
"""
PARTS = {
    **dict.fromkeys(("imports", "initialiser", "methods", "plugin"), ""),
    **dict.fromkeys(("request", "response"), "pass"),
    "create": "return Stream(self)",
}


def stateless(folder: Path, **parts: str) -> bool:
    source = folder / "plugin.py"
    source.write_text(PROGRAM.format(**PARTS | parts), encoding="utf-8")
    return stateless_stream(load_program(source)) is not None


@pytest.mark.parametrize(
    "parts",
    [
        {},
        {"request": 'return self.send_local_response(403, b"no")'},
        {"request": "log.info(str(self.response_code()))"},
        {"methods": "    def on_request_body(self, size: int, end_of_stream: bool) -> Action:\n"
                    "        return Action.CONTINUE if self.request_body else Action.PAUSE"},
        {"methods": "    def on_log(self) -> None:\n        log.info(self._name)"},
        {"response": "names = [self._name for _ in range(3)]"},
        {"plugin": "    def on_tick(self) -> None:\n        self.seen = 0"},
    ],
    ids=lambda parts: " ".join(parts.values()).strip() or "plain",
)  # fmt: skip
def test_contexts_that_nobody_could_tell_apart(tmp_path: Path, parts: dict[str, str]) -> None:
    assert stateless(tmp_path, **parts)


METHOD = "    def {0}(self{1}) -> {2}:\n        {3}"

TOLD_APART = {
    "an attribute changes": {"request": 'self._name = "y"'},
    "an attribute is added to": {"request": "self._limit += 1"},
    "an attribute is deleted": {"request": "del self._name"},
    "a loop sets an attribute": {"request": "for self._limit in range(3): pass"},
    "it is stored": {"request": "self._plugin.streams.append(self)"},
    "it has another name": {"request": "other = self"},
    "its method is kept": {"request": "text = self._text"},
    "a function sees it": {"request": "text = lambda: self._name"},
    "a generator sees it": {"request": "names = (self._name for _ in range(3))"},
    "its number": {"request": "log.info(str(self.context_id))"},
    "request headers later": {"response": 'self.request_headers.get("x-a")'},
    "request headers later, by a method": {
        "response": "self._later()",
        "methods": METHOD.format("_later", "", "None", 'self.request_headers.get("x-a")'),
    },
    "headers of a body's callback": {
        "methods": METHOD.format(
            "on_request_body",
            ", size: int, end_of_stream: bool",
            "Action",
            'return Action.PAUSE if "x" in self.request_trailers else Action.CONTINUE',
        )
    },
    "headers are handed on": {"request": "log.info(str(headers))"},
    "headers are kept": {"request": "kept = [self.request_headers]"},
    "headers have another name": {"request": "other = headers; kept = [other]"},
    "headers' name has another value": {"request": "headers = None"},
    "headers have a name elsewhere": {"request": "global kept; kept = self.request_headers"},
    "it ends": {"methods": METHOD.format("on_done", "", "None", "pass")},
    "the plugin ends": {"plugin": METHOD.format("on_done", "", "bool", "return True")},
    "a property": {
        "methods": "    @property\n" + METHOD.format("wide", "", "bool", "return True")
    },
    "a class attribute": {"methods": "    count: int = 0"},
    "an inherited method": {
        "methods": METHOD.format("response_code", "", "int", "return 1"),
    },
    "a list of its own": {"initialiser": "        self._seen: list[str] = []\n"},
    "an effect": {"initialiser": "        plugin.seen += 1\n"},
    "a call": {"initialiser": "        self._size = len(plugin.streams)\n"},
    "what the plugin changes later": {"initialiser": "        self._seen = plugin.seen\n"},
    "what may not be there": {"initialiser": "        self._late = plugin.late\n"},
    "a context that is made otherwise": {"create": "return Stream(plugin=self)"},
    "a context that is kept": {"create": "stream = Stream(self); return stream"},
    "errors refuse": {
        "plugin": METHOD.format("on_tick", "", "None", "log.info(str(self.error_policy))")
    },
    "timers": {"imports": "from pal.timers import Timer"},
    "connections": {"imports": "import pal.tcp"},
    "foreign functions": {"imports": "from pal import foreign"},
    "a subclass": {"plugin": "\nclass Narrow(Stream):\n    pass"},
}  # fmt: skip


@pytest.mark.parametrize("parts", TOLD_APART.values(), ids=TOLD_APART.keys())
def test_contexts_that_somebody_could_tell_apart(tmp_path: Path, parts: dict[str, str]) -> None:
    assert not stateless(tmp_path, **parts)


@pytest.mark.parametrize(
    ("source", "found"),
    [
        *((f"bench/filters/f{number}.py", True) for number in (1, 2, 3)),
        ("filters/hello.py", True),
        ("filters/http_telemetry.py", False),
        ("filters/mixer.py", False),
        ("filters/kafka.py", False),
    ],
)
def test_filters_at_hand(source: str, found: bool) -> None:
    assert (stateless_stream(load_program(ROOT / source)) is not None) == found


def test_contexts_are_not_announced(tmp_path: Path) -> None:
    assert stateless(tmp_path)

    needed = {
        callback.name: callback
        for callback in needed_callbacks(load_program(tmp_path / "plugin.py"))
    }

    assert set(needed) == {
        "proxy_on_configure",
        "proxy_on_request_headers",
        "proxy_on_response_headers",
    }
    assert _dispatcher(needed["proxy_on_configure"]) == "pal.roots"
    # Cycles are collected where streams end, else: here no callback says that they do.
    assert needed["proxy_on_request_headers"].collects


def _dispatcher(callback: Callback) -> str:
    return callback.dispatcher(frozenset())
