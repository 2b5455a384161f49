"""Tracebacks, as every host writes them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pal import failure

HERE = f"tests/pal/{Path(__file__).name}"


class OddError(Exception):
    """An error of this module."""


def fail() -> None:
    raise ValueError("boom")


def fail_in_handler() -> None:
    try:
        fail()
    except ValueError:
        raise OddError("after\nthat")  # noqa: B904 - the implicit context is what this tests


def fail_with_cause() -> None:
    try:
        fail()
    except ValueError as error:
        raise OddError from error


def fail_from_none() -> None:
    try:
        fail()
    except ValueError:
        raise OddError("alone") from None


def recurse(depth: int) -> None:
    if depth == 0:
        fail()
    recurse(depth - 1)


def described(function: Callable[[], None]) -> str:
    try:
        function()
    except Exception as error:  # noqa: BLE001 - whatever it raises
        return failure.describe(error)
    raise AssertionError("nothing was raised")


def frame(function: Callable[..., object], offset: int) -> str:
    """The line of a frame that stands `offset` lines below its `def`."""
    line = function.__code__.co_firstlineno + offset
    return f'  File "{HERE}", line {line}, in {function.__name__}\n'


HEAD = "Traceback (most recent call last):\n"
CALL = frame(described, 2)
FAIL = frame(fail, 1)
ODD = f"{OddError.__module__}.OddError"


def test_frames_from_the_outermost_to_the_failure() -> None:
    assert described(fail) == f"{HEAD}{CALL}{FAIL}ValueError: boom"


def test_an_exception_in_a_handler_tells_what_was_handled() -> None:
    assert described(fail_in_handler) == (
        f"{HEAD}{frame(fail_in_handler, 2)}{FAIL}ValueError: boom\n"
        "\nDuring handling of the above exception, another exception occurred:\n\n"
        f"{HEAD}{CALL}{frame(fail_in_handler, 4)}{ODD}: after\nthat"
    )


def test_a_cause_is_told() -> None:
    assert described(fail_with_cause) == (
        f"{HEAD}{frame(fail_with_cause, 2)}{FAIL}ValueError: boom\n"
        "\nThe above exception was the direct cause of the following exception:\n\n"
        f"{HEAD}{CALL}{frame(fail_with_cause, 4)}{ODD}"
    )


def test_from_none_hides_the_context() -> None:
    text = described(fail_from_none)

    assert text == f"{HEAD}{CALL}{frame(fail_from_none, 4)}{ODD}: alone"


def test_repeated_frames_are_counted() -> None:
    text = described(lambda: recurse(9))

    repeated = frame(recurse, 3) * 3 + "  [Previous line repeated 6 more times]\n"
    assert text.endswith(f"{repeated}{frame(recurse, 2)}{FAIL}ValueError: boom")


def test_a_file_is_named_from_the_folder_of_its_package(tmp_path: Path) -> None:
    source = tmp_path / "team" / "filters" / "__init__.py"
    scope: dict[str, object] = {"__name__": "team.filters"}
    exec(compile("def fail():\n    raise KeyError('x')", source, "exec"), scope)  # noqa: S102

    function = scope["fail"]
    assert callable(function)
    assert described(function).endswith(
        '  File "team/filters/__init__.py", line 2, in fail\n' + "KeyError: 'x'"
    )


def test_a_module_without_a_package_is_named_by_its_file(tmp_path: Path) -> None:
    scope: dict[str, object] = {"__name__": "hello"}
    exec(compile("def fail():\n    1 / 0", tmp_path / "hello.py", "exec"), scope)  # noqa: S102

    function = scope["fail"]
    assert callable(function)
    assert described(function).endswith(
        '  File "hello.py", line 2, in fail\nZeroDivisionError: division by zero'
    )


def test_the_dispatchers_frames_are_left_out() -> None:
    scope: dict[str, object] = {"__name__": "pal.dispatch", "inner": fail}
    exec(compile("def proxy_on_log():\n    inner()", "pal/dispatch.py", "exec"), scope)  # noqa: S102

    function = scope["proxy_on_log"]
    assert callable(function)
    assert described(function) == f"{HEAD}{CALL}{FAIL}ValueError: boom"


@pytest.mark.parametrize("message", ["", " "])
def test_an_empty_message_leaves_the_name_alone(message: str) -> None:
    def raise_it() -> None:
        raise ValueError(message.strip())

    assert described(raise_it).splitlines()[-1] == "ValueError"
