"""Reading patterns while a filter runs: in profile aot build/runtime/regex_parser.c.

The bodies are plain Python's, and the compiler's own: programs and messages are equal.
"""

from typing import cast

from ._regex_parser import parse
from ._regex_program import program
from ._regex_syntax import error


def compiled(pattern: object, flags: int) -> tuple[object, ...]:
    """What a pattern, a str or bytes, stands for.

    Returns:
        The program, the flags given and those that the pattern starts with, and a tuple with the
        name of each group ("" when it has none). Of a pattern that is refused: what is wrong, and
        where.

    Raises:
        ValueError: flags that do not go together.
    """
    text = cast("str | bytes", pattern)
    try:
        parsed = parse(text, flags)
        return program(parsed, text), parsed.flags, tuple(parsed.names)
    except error as refused:
        return refused.msg, refused.pos
