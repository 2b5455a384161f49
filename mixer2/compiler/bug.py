"""What breaks inside the compiler becomes a complaint about a place, like every other.

An author never sees a traceback of ours, and a server that compiles never ends because mypy or
mypyc do: on a failed assertion of theirs they print a traceback and exit.
"""

import contextlib
import io
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from mixer2.compiler.errors import CompileError, Diagnostic

# What mypyc and mypy print last before they exit:
#   author.py:24: AssertionError: Can't add to finished block
#   author.py:24: error: INTERNAL ERROR -- Please try using mypy master on GitHub:
_MYPYC_CRASH = re.compile(r"^(?P<path>.+):(?P<line>-?\d+): (?P<what>\w+: .*)$", re.MULTILINE)
_MYPY_CRASH = re.compile(r"^(?P<path>.+?):(?P<line>-?\d+): error: INTERNAL ERROR", re.MULTILINE)


def bug(path: str, line: int, error: BaseException | str) -> Diagnostic:
    """The complaint about a bug of the compiler.

    Args:
        path: The file that was being compiled.
        line: The author's line, as near as is known.
        error: What was raised, or its text.
    """
    if isinstance(error, RecursionError | MemoryError):
        message = "nested too deeply for the compiler: split the expression or the function"
    else:
        what = error if isinstance(error, str) else f"{type(error).__name__}: {error}"
        message = (
            f"a bug in the compiler, not in this program ({what}): please report it with this "
            f"source; until it is mended, write the line in another way"
        )
    return Diagnostic(path, line, 0, message)


@contextmanager
def crashes_as_errors(path: str) -> Iterator[None]:
    """Run mypy or mypyc: when they crash, say where.

    Args:
        path: The file to name when they do not say where.

    Raises:
        CompileError: they crashed.
    """
    output = io.StringIO()
    try:
        with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
            yield
    except CompileError:
        raise
    except (Exception, SystemExit) as error:
        raise CompileError([_located(error, output.getvalue(), path)]) from error
    sys.stdout.write(output.getvalue())


def _located(error: BaseException, output: str, path: str) -> Diagnostic:
    found = list(_MYPYC_CRASH.finditer(output)) or list(_MYPY_CRASH.finditer(output))
    if not found:
        return bug(path, 1, error)
    place = found[-1].groupdict()
    cause = error if isinstance(error, Exception) else error.__context__
    return bug(place["path"], max(int(place["line"]), 1), cause or place.get("what", "mypy"))


@contextmanager
def bugs_as_errors(path: str) -> Iterator[None]:
    """Turn whatever escapes the compiler into a complaint about a file.

    Raises:
        CompileError: the program is refused, or the compiler broke.
    """
    try:
        yield
    except CompileError:
        raise
    except Exception as error:
        raise CompileError([bug(path, 1, error)]) from error
