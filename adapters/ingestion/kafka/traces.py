"""Where the trace contexts come from that records get."""

from typing import Final

TRACEPARENT: Final = "traceparent"


class TraceContexts:
    """Makes trace contexts; a subclass knows a source of random numbers."""

    def new_context(self) -> str:
        """A `traceparent` that begins a trace (W3C Trace Context, section 3.2)."""
        raise NotImplementedError
