"""Tracebacks, the same text in every host.

    Traceback (most recent call last):
      File "filters/hello.py", line 12, in on_request_headers
      File "adapters/ingestion/http.py", line 30, in request
    ValueError: boom

As CPython writes them, chained exceptions first, with these differences: files are named from the
folder that holds the top-level package, source lines are left out, and so are the frames of
`pal.dispatch`, which every callback starts with.

This module is plain Python; in profile aot the run-time's function of the same name replaces it
(build/runtime/failure.c).
"""

import traceback
from pathlib import PurePath
from types import FrameType

_DISPATCH = "pal.dispatch"
_CAUSED = "\n\nThe above exception was the direct cause of the following exception:\n\n"
_DURING = "\n\nDuring handling of the above exception, another exception occurred:\n\n"


def describe(exception: BaseException) -> str:
    """Traceback of a caught exception, without a newline at its end."""
    text = _describe_one(exception)
    seen = {id(exception)}
    while True:
        if exception.__cause__ is not None:
            previous, joint = exception.__cause__, _CAUSED
        elif exception.__context__ is not None and not exception.__suppress_context__:
            previous, joint = exception.__context__, _DURING
        else:
            return text
        if id(previous) in seen:
            return text
        seen.add(id(previous))
        text = _describe_one(previous) + joint + text
        exception = previous


def _describe_one(exception: BaseException) -> str:
    frames = [
        # No source line: "" would be looked up when it is None.
        traceback.FrameSummary(_file(frame), line, frame.f_code.co_name, line="")
        for frame, line in traceback.walk_tb(exception.__traceback__)
        if frame.f_globals.get("__name__") != _DISPATCH
    ]
    lines = ["Traceback (most recent call last):\n"]
    lines += traceback.StackSummary.from_list(frames).format()
    lines += traceback.format_exception_only(exception)
    return "".join(lines).rstrip("\n")


def _file(frame: FrameType) -> str:
    """The frame's file, from the folder that holds the module's top-level package."""
    path = PurePath(frame.f_code.co_filename)
    module: str = frame.f_globals.get("__name__", path.stem)
    depth = module.count(".") + 1
    if path.stem == "__init__":
        depth += 1
    return "/".join(path.parts[-depth:])
