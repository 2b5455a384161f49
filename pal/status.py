"""Status codes: what a host call answers.

Source: Proxy-Wasm ABI 0.2.1, "Status codes"; names and numbers as in `proxy_wasm_common.h`.
"""

from typing import Final

OK: Final = 0
NOT_FOUND: Final = 1
BAD_ARGUMENT: Final = 2
SERIALIZATION_FAILURE: Final = 3
PARSE_FAILURE: Final = 4
BAD_EXPRESSION: Final = 5
INVALID_MEMORY_ACCESS: Final = 6
EMPTY: Final = 7
CAS_MISMATCH: Final = 8
RESULT_MISMATCH: Final = 9
INTERNAL_FAILURE: Final = 10
BROKEN_CONNECTION: Final = 11
UNIMPLEMENTED: Final = 12


def name(status: int) -> str:
    """Name of a status code; its number when the ABI does not know it.

    In profile aot build/runtime/status.c.
    """
    names = [
        "OK",
        "NOT_FOUND",
        "BAD_ARGUMENT",
        "SERIALIZATION_FAILURE",
        "PARSE_FAILURE",
        "BAD_EXPRESSION",
        "INVALID_MEMORY_ACCESS",
        "EMPTY",
        "CAS_MISMATCH",
        "RESULT_MISMATCH",
        "INTERNAL_FAILURE",
        "BROKEN_CONNECTION",
        "UNIMPLEMENTED",
    ]
    if 0 <= status < len(names):
        return names[status]
    return f"status {status}"
