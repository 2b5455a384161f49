"""The whole language in the proxy, and what becomes of what a proxy has not."""

import pytest

from mixer2.testhost import Host
from mixer2.testhost.plugin import Load

FILTER = "language.py"

pytestmark = pytest.mark.cpython(only=True)


def ask(host: Host, question: str) -> str:
    return host.get("/", {"x-do": question}).headers.get("x-answer") or ""


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("eval", "42"),
        ("decimal", "0.3"),
        ("lookbehind", "['42']"),
        ("late", "import in a function: 3"),
        ("generator", "[0, 1, 4]"),
        ("unicode", "ﬁ -> fi"),
        ("big", str(2**200)),
        ("environment set", "1"),
        ("recursion", "RecursionError"),
        ("memory", "MemoryError"),
    ],
)
def test_any_python_runs(load: Load, question: str, answer: str) -> None:
    assert ask(load(FILTER), question) == answer


@pytest.mark.parametrize(
    ("question", "error"),
    [
        ("open", "OSError: open(): there are no files in a proxy"),
        ("read_text", "there are no files in a proxy"),
        ("socket", "OSError: there are no sockets in a proxy's sandbox: use pal.http_callout"),
        ("getaddrinfo", "OSError: there are no sockets in a proxy's sandbox: use pal.http_callout"),
        ("thread", "RuntimeError: there are no threads in a proxy's sandbox"),
        ("sleep", "RuntimeError: time.sleep() would hold up the proxy: use pal.timers"),
        ("exit", "OSError: _exit(): a filter cannot end the proxy"),
        ("abort", "OSError: abort(): a filter cannot end the proxy"),
        ("signal", "OSError: raise_signal(): a filter cannot end the proxy"),
        ("input", "OSError: a proxy has no standard input"),
        ("asyncio", "RuntimeError: a proxy calls a filter, which never waits: use callouts"),
        ("subprocess", "wasi does not support processes"),
        ("ctypes", "ModuleNotFoundError"),
        ("ssl", "ModuleNotFoundError"),
        ("fork", "KeyError: 'fork'"),
        ("iterdir", "FileNotFoundError"),
        ("missing", "No module named 'colorsys' in this filter: there are no files in a proxy"),
        ("removed", "sqlite3"),
    ],
)
def test_what_a_proxy_has_not_is_an_exception(
    load: Load, mixer2_target: str, question: str, error: str
) -> None:
    if mixer2_target == "native":
        return  # plain Python has all of it
    host = load(FILTER)

    assert error in ask(host, question)
    assert ask(host, "eval") == "42"


@pytest.mark.parametrize("question", ["sys.exit", "SystemExit"])
def test_a_filter_that_exits_has_raised(load: Load, mixer2_target: str, question: str) -> None:
    host = load(FILTER)
    if mixer2_target == "native":
        return  # pytest would exit

    assert host.get("/", {"x-do": question}).status == 200
    (line,) = host.log
    assert line.message.startswith("Traceback (most recent call last):")
    assert host.stats["mixer2_callback_errors_total{plugin=language}"] == 1
    assert ask(host, "eval") == "42"


def test_objects_keep_their_state(load: Load) -> None:
    host = load(FILTER)

    assert [ask(host, "count") for _ in range(3)] == ["1", "2", "3"]


def test_what_is_handed_to_the_proxy_is_freed(load: Load) -> None:
    host = load(FILTER)
    assert len(ask(host, "large")) == 20_000
    size = host.memory_size

    for _ in range(1000):
        ask(host, "large")

    assert host.memory_size == size


def test_what_is_printed_is_logged(load: Load, mixer2_target: str) -> None:
    if mixer2_target == "native":
        return  # pytest takes it
    host = load(FILTER)

    ask(host, "print")

    assert any(str(line).endswith("two lines") for line in host.log)


def test_random_starts_anew_in_every_vm(load: Load, mixer2_target: str) -> None:
    host = load(FILTER, workers=2)
    drawn = {ask(host, "random") for _ in range(4)}
    assert len(drawn) == 4
    if mixer2_target == "cpython":
        # The test host's random bytes are the same for every VM; the snapshot's are others.
        assert "built" not in drawn


def test_the_environment_is_the_vms(load: Load, mixer2_target: str) -> None:
    if mixer2_target == "native":
        return  # it has that of the process
    host = load(FILTER, environment={"STAGE": "blue"})

    assert ask(host, "environment") == "blue, 1"
