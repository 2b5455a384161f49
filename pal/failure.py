"""Tracebacks, the same text in every host.

    Traceback (most recent call last):
      File "filters/hello.py", line 12, in on_request_headers
      File "adapters/ingestion/http.py", line 30, in request
    ValueError: boom

Files are named from the folder that holds the top-level package, source lines are left out, and
so are the frames of `pal.dispatch`, which every callback starts with. Chained exceptions
(`raise ... from ...`) are not followed.

This module is plain Python; in profile aot the run-time's function of the same name replaces it
(build/runtime/traceback.c).
"""

import traceback
from pathlib import PurePath
from types import FrameType

_DISPATCH = "pal.dispatch"


def describe(exception: BaseException) -> str:
    """Traceback of a caught exception, without a newline at its end."""
    lines = ["Traceback (most recent call last):"]
    for frame, line in traceback.walk_tb(exception.__traceback__):
        if frame.f_globals.get("__name__") != _DISPATCH:
            lines.append(f'  File "{_file(frame)}", line {line}, in {frame.f_code.co_name}')
    lines.append("".join(traceback.format_exception_only(exception)).rstrip("\n"))
    return "\n".join(lines)


def _file(frame: FrameType) -> str:
    """The frame's file, from the folder that holds the module's top-level package."""
    path = PurePath(frame.f_code.co_filename)
    module: str = frame.f_globals.get("__name__", path.stem)
    depth = module.count(".") + 1
    if path.stem == "__init__":
        depth += 1
    return "/".join(path.parts[-depth:])
