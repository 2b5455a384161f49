"""Verdicts: what a callback answers to the proxy."""

from enum import Enum
from typing import Final

HEADERS_CONTINUE: Final = 0
HEADERS_WAIT_FOR_BODY: Final = 1
HEADERS_STOP_ALL: Final = 4
BODY_CONTINUE: Final = 0
BODY_HOLD: Final = 1
TRAILERS_CONTINUE: Final = 0
TRAILERS_HOLD: Final = 1


class Action(Enum):
    """What becomes of the headers, the body or the trailers that a callback was shown.

    CONTINUE: they go on to the next filter.
    PAUSE: they wait, and no further callback of this direction comes (of headers) or the body
        is collected whole (of a body), until `continue_request` or `continue_response`.
    BUFFER: headers wait while the body callbacks come; they go on together with the body, when
        its callback answers CONTINUE. Of a body: the same as PAUSE.
    """

    CONTINUE = 0
    PAUSE = 1
    BUFFER = 2


class ErrorPolicy(Enum):
    """What becomes of a request when one of the plugin's callbacks raises.

    PASS: traffic goes on as if the callback had let it pass.
    REFUSE: the request is answered with status 500.
    """

    PASS = 0
    REFUSE = 1


def headers_status(action: Action) -> int:
    """Return value of a headers callback.

    BUFFER is `StopIteration`, which Envoy takes as such only with `allow_on_headers_stop_iteration`
    in the plugin's configuration; PAUSE is `StopAllIterationAndWatermark`, because with
    `StopIteration` a body would carry the headers on.
    """
    if action is Action.CONTINUE:
        return HEADERS_CONTINUE
    if action is Action.BUFFER:
        return HEADERS_WAIT_FOR_BODY
    return HEADERS_STOP_ALL


def body_status(action: Action) -> int:
    """Return value of a body callback: `Continue` or `StopIterationAndBuffer`."""
    if action is Action.CONTINUE:
        return BODY_CONTINUE
    return BODY_HOLD


def trailers_status(action: Action) -> int:
    """Return value of a trailers callback: `Continue` or `StopIteration`."""
    if action is Action.CONTINUE:
        return TRAILERS_CONTINUE
    return TRAILERS_HOLD
