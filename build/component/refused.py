"""WASI's functions that a proxy's sandbox refuses: files and sockets.

They answer an error code instead of trapping, so that Python raises OSError. What a program can
call without having opened something before is little (open a file, make a socket, look up a name);
the rest is here because CPython imports it.
"""

from dataclasses import dataclass

# `unsupported` of wasi:filesystem's error-code, `not-supported` of wasi:sockets'.
_NO_FILES = 27
_NO_SOCKETS = 2

# Where the error code of a result<T, error-code> lies: behind the discriminant, aligned as T.
_NOTHING, _WORD, _LONG = 1, 4, 8

_DESCRIPTOR = "wasi:filesystem/types#[method]descriptor."
_UDP = "wasi:sockets/udp#[method]udp-socket."
_TCP = "wasi:sockets/tcp#[method]tcp-socket."


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer: the error code, and its offset in the result."""

    code: int
    offset: int


def _all(prefix: str, code: int, offset: int, names: str) -> dict[str, Refusal]:
    return {prefix + name: Refusal(code, offset) for name in names.split()}


REFUSED: dict[str, Refusal] = {
    **_all(
        _DESCRIPTOR,
        _NO_FILES,
        _NOTHING,
        "advise sync-data get-flags set-size set-times sync create-directory-at set-times-at "
        "link-at remove-directory-at rename-at symlink-at unlink-file-at get-type",
    ),
    **_all(
        _DESCRIPTOR,
        _NO_FILES,
        _WORD,
        "read-via-stream write-via-stream append-via-stream read read-directory open-at "
        "readlink-at",
    ),
    **_all(_DESCRIPTOR, _NO_FILES, _LONG, "write stat stat-at metadata-hash metadata-hash-at"),
    **_all(
        "wasi:filesystem/types#[method]directory-entry-stream.",
        _NO_FILES,
        _WORD,
        "read-directory-entry",
    ),
    **_all(
        _UDP,
        _NO_SOCKETS,
        _NOTHING,
        "start-bind finish-bind unicast-hop-limit set-unicast-hop-limit set-receive-buffer-size "
        "set-send-buffer-size",
    ),
    **_all(_UDP, _NO_SOCKETS, _WORD, "stream local-address remote-address"),
    **_all(_UDP, _NO_SOCKETS, _LONG, "receive-buffer-size send-buffer-size"),
    **_all("wasi:sockets/udp#[method]incoming-datagram-stream.", _NO_SOCKETS, _WORD, "receive"),
    **_all(
        "wasi:sockets/udp#[method]outgoing-datagram-stream.", _NO_SOCKETS, _LONG, "check-send send"
    ),
    **_all(
        _TCP,
        _NO_SOCKETS,
        _NOTHING,
        "start-bind finish-bind start-connect start-listen finish-listen set-listen-backlog-size "
        "keep-alive-enabled set-keep-alive-enabled set-keep-alive-idle-time "
        "set-keep-alive-interval set-keep-alive-count hop-limit set-hop-limit "
        "set-receive-buffer-size set-send-buffer-size shutdown",
    ),
    **_all(
        _TCP,
        _NO_SOCKETS,
        _WORD,
        "finish-connect accept local-address remote-address keep-alive-count",
    ),
    **_all(
        _TCP,
        _NO_SOCKETS,
        _LONG,
        "keep-alive-idle-time keep-alive-interval receive-buffer-size send-buffer-size",
    ),
    **_all("wasi:sockets/udp-create-socket#", _NO_SOCKETS, _WORD, "create-udp-socket"),
    **_all("wasi:sockets/tcp-create-socket#", _NO_SOCKETS, _WORD, "create-tcp-socket"),
    **_all("wasi:sockets/ip-name-lookup#", _NO_SOCKETS, _WORD, "resolve-addresses"),
    **_all(
        "wasi:sockets/ip-name-lookup#[method]resolve-address-stream.",
        _NO_SOCKETS,
        _WORD,
        "resolve-next-address",
    ),
}

_C_TYPES = {0x7F: "u32", 0x7E: "u64"}


def refusing_c(name: str, parameters: bytes) -> str:
    """A C function that refuses.

    Args:
        name: The WASI function.
        parameters: Its Wasm parameter types; the last points to where the result belongs.

    Raises:
        KeyError: nobody has said how it is refused.
    """
    refusal = REFUSED[name]
    types = [_C_TYPES[one] for one in parameters[:-1]]
    arguments = "".join(f"{one} a{index}, " for index, one in enumerate(types))
    function = "".join(character if character.isalnum() else "_" for character in name)
    return (
        f'EXPORT("{name}") void {function}({arguments}u8 *answer) {{ '
        f"answer[0] = 1; answer[{refusal.offset}] = {refusal.code}; }}\n"
    )
