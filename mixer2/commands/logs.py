"""How a command logs."""

import logging
from enum import StrEnum
from typing import Any


class LogFormat(StrEnum):
    """What log lines look like."""

    CONSOLE = "console"
    JSON = "json"


def log_as(log_format: LogFormat, level: str = "INFO") -> None:
    """Log from `level` on, to standard error; `structlog` must not have been used before."""
    import sys

    import structlog

    if log_format is LogFormat.JSON:
        last: list[Any] = [
            structlog.processors.dict_tracebacks,
            structlog.processors.JSONRenderer(),
        ]
    else:
        last = [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())]
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *last,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        # Looked up at each line: standard error may have been replaced meanwhile.
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
    )
