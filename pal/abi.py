"""The numbers of the ABI: header maps, buffers, streams, metric kinds.

Filters never need them; `pal` and a test host do.

Source: Proxy-Wasm ABI 0.2.1, "Types".
"""

from typing import Final

MAP_REQUEST_HEADERS: Final = 0
MAP_REQUEST_TRAILERS: Final = 1
MAP_RESPONSE_HEADERS: Final = 2
MAP_RESPONSE_TRAILERS: Final = 3

BUFFER_REQUEST_BODY: Final = 0
BUFFER_RESPONSE_BODY: Final = 1
BUFFER_VM_CONFIGURATION: Final = 6
BUFFER_PLUGIN_CONFIGURATION: Final = 7

STREAM_REQUEST: Final = 0
STREAM_RESPONSE: Final = 1

METRIC_COUNTER: Final = 0
METRIC_GAUGE: Final = 1
METRIC_HISTOGRAM: Final = 2

NO_GRPC_STATUS: Final = -1
"""What `send_local_response` takes when the answer is plain HTTP."""

WHOLE: Final = 0x7FFF_FFFF
"""More bytes than any buffer holds: as a size everything, as a start its end."""
