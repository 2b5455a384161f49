"""Shared data: values that all workers of the proxy see, and that outlive a plugin's configuration.

    quota = SharedValue("quota.acme")
    quota.update(lambda stored: spend(stored))     # or, step by step:

    found = quota.read()
    quota.replace(spend(found.value), found.version)    # False: somebody was quicker

Values belong to the plugins of one `vm_id`. Nothing ever expires and nothing can be removed: bound
the number of keys.

Source: Proxy-Wasm ABI 0.2.1, "Shared key-value store"; proxy-wasm-cpp-host, `shared_data.cc`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from pal import hostcalls, status
from pal.errors import HostcallError, PalError

_UNCONDITIONALLY: Final = 0
_ABSENT: Final = 0xFFFF_FFFF
"""Version of a value that is not there.

Envoy creates a missing key under any version but 0, and refuses one that differs from the stored
value's. Versions count up from 1, so nothing stored has this one for the first four billion writes.
"""

_ATTEMPTS: Final = 100


class ContentionError(PalError):
    """Others changed a value each time that it was about to be replaced."""


@dataclass(frozen=True, slots=True)
class Versioned:
    """A value as it was when it was read.

    Attributes:
        value: The bytes; None when there were none.
        version: What `replace` compares.
    """

    value: bytes | None
    version: int


class SharedValue:
    """One value of the shared data.

    Args:
        key: Its name, among all plugins of the same `vm_id`.

    Raises:
        HostcallError: by every method, when the proxy refuses.
    """

    def __init__(self, key: str) -> None:
        self._key = key

    def get(self) -> bytes | None:
        """The value; None when nobody has set it."""
        value, _ = self.read_with_version()
        return value

    def set(self, value: bytes) -> None:
        """Store a value, whatever was there."""
        code = hostcalls.set_shared_data(self._key, value, _UNCONDITIONALLY)
        if code != status.OK:
            raise HostcallError("set_shared_data", code)

    def read(self) -> Versioned:
        """The value, with what `replace` needs."""
        value, version = self.read_with_version()
        return Versioned(value, version)

    def read_with_version(self) -> tuple[bytes | None, int]:
        """As `read`, without an object for the two; for what each request reads."""
        value = hostcalls.get_shared_data(self._key)
        if value is not None:
            return value, hostcalls.last_shared_data_cas()
        code = hostcalls.last_status()
        if code != status.NOT_FOUND:
            raise HostcallError("get_shared_data", code)
        return None, _ABSENT

    def replace(self, value: bytes, version: int) -> bool:
        """Store a value in place of the one that `read` found.

        Returns:
            False when somebody has stored another one since; nothing is stored then.
        """
        code = hostcalls.set_shared_data(self._key, value, version)
        if code == status.CAS_MISMATCH:
            return False
        if code != status.OK:
            raise HostcallError("set_shared_data", code)
        return True

    def update(self, change: Callable[[bytes | None], bytes]) -> bytes:
        """Replace the value by what `change` makes of it, and again until nobody interfered.

        Args:
            change: Takes the value (None: there is none) and returns the new one. It may be called
                several times, so it should do nothing else.

        Returns:
            What was stored.

        Raises:
            ContentionError: others were quicker a hundred times.
        """
        for _ in range(_ATTEMPTS):
            found, version = self.read_with_version()
            value = change(found)
            if self.replace(value, version):
                return value
        raise ContentionError(f"{self._key}: changed by others {_ATTEMPTS} times in a row")
