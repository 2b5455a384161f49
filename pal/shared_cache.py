"""A cache that all workers share: bounded, with a time to live for each entry.

    tokens = SharedCache("tokens", slots=256)
    tokens.set(key, claims, ttl_ms=60_000)
    tokens.get(key)

The proxy's shared data can neither be removed nor listed. So the cache keeps its entries in a fixed
number of shared values, the slots; a key's hash says in which. A slot holds up to `ways` entries;
another one takes the place of the entry that would expire first. At most `slots` x `ways` entries
take memory, however many keys there were. Every read is one host call of the slot's size, so keep
values small (below some KiB).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from pal import clock
from pal.shared_data import ContentionError, SharedValue

_NS_PER_MS: Final = 1_000_000
_ATTEMPTS: Final = 100
_EXPIRY_BYTES: Final = 8
_SIZE_BYTES: Final = 4
_HEAD_BYTES: Final = 16

# FNV-1a: the same in every worker, as Python's own hash is not.
_HASH_START: Final = 0x811C_9DC5
_HASH_FACTOR: Final = 0x0100_0193
_HASH_MASK: Final = 0xFFFF_FFFF


@dataclass(frozen=True, slots=True)
class CacheUpdate:
    """What `SharedCache.update` stores.

    Attributes:
        value: The new value.
        ttl_ms: Milliseconds that it lives.
    """

    value: bytes
    ttl_ms: int


class _Entry:
    def __init__(self, key: bytes, value: bytes, expires_ms: int) -> None:
        self.key = key
        self.value = value
        self.expires_ms = expires_ms


class SharedCache:
    """Entries by key, for all plugins of the same `vm_id` that use the same name.

    Args:
        name: Begin of the keys of the shared data that it uses, `NAME.0` and so on.
        slots: How many of them; the same wherever the cache is used.
        ways: Most entries of one slot.

    Raises:
        ValueError: by the constructor, when there is no room for any entry.
        HostcallError: by every method, when the proxy refuses.
    """

    def __init__(self, name: str, slots: int, ways: int = 4) -> None:
        if slots < 1 or ways < 1:
            raise ValueError(f"{name}: expected at least 1 slot and 1 way, got {slots} and {ways}")
        self._name = name
        self._slots = slots
        self._ways = ways

    def get(self, key: str) -> bytes | None:
        """Value of a key; None when there is none, or its time is over."""
        wanted = key.encode("utf-8", "surrogateescape")
        for entry in _live_entries(self._slot(wanted).get()):
            if entry.key == wanted:
                return entry.value
        return None

    def set(self, key: str, value: bytes, ttl_ms: int) -> None:
        """Store a value for `ttl_ms` milliseconds.

        Raises:
            ContentionError: others were quicker a hundred times.
        """
        self._put(key, value, ttl_ms)

    def remove(self, key: str) -> None:
        """Drop a key; nothing happens when there is none.

        Raises:
            ContentionError: others were quicker a hundred times.
        """
        self._put(key, None, 0)

    def update(self, key: str, change: Callable[[bytes | None], CacheUpdate | None]) -> None:
        """Replace a value by what `change` makes of it, and again until nobody interfered.

        Args:
            key: The key.
            change: Takes the value (None: there is none) and returns the new one, or None to leave
                it. It may be called several times.

        Raises:
            ContentionError: others were quicker a hundred times.
        """
        changed = key.encode("utf-8", "surrogateescape")
        slot = self._slot(changed)
        for _ in range(_ATTEMPTS):
            found = slot.read()
            entries = _live_entries(found.value)
            update = change(_take(entries, changed))
            if update is None:
                return
            self._add(entries, changed, update.value, update.ttl_ms)
            if slot.replace(_encode(entries), found.version):
                return
        raise ContentionError(f"{self._name}: changed by others {_ATTEMPTS} times in a row")

    def _put(self, key: str, value: bytes | None, ttl_ms: int) -> None:
        changed = key.encode("utf-8", "surrogateescape")
        slot = self._slot(changed)
        for _ in range(_ATTEMPTS):
            found = slot.read()
            entries = _live_entries(found.value)
            _take(entries, changed)
            if value is not None:
                self._add(entries, changed, value, ttl_ms)
            elif found.value is None:
                return
            if slot.replace(_encode(entries), found.version):
                return
        raise ContentionError(f"{self._name}: changed by others {_ATTEMPTS} times in a row")

    def _add(self, entries: list[_Entry], key: bytes, value: bytes, ttl_ms: int) -> None:
        """Add an entry that is not there, in place of others when there is no room."""
        while len(entries) >= self._ways:
            _evict(entries)
        entries.append(_Entry(key, value, clock.now_ns() // _NS_PER_MS + ttl_ms))

    def _slot(self, key: bytes) -> SharedValue:
        number = _HASH_START
        for byte in key:
            number = ((number ^ byte) * _HASH_FACTOR) & _HASH_MASK
        return SharedValue(f"{self._name}.{number % self._slots}")


def _take(entries: list[_Entry], key: bytes) -> bytes | None:
    """Value of a key, whose entry goes; None when there is none."""
    for index in range(len(entries)):
        if entries[index].key == key:
            value = entries[index].value
            entries.pop(index)
            return value
    return None


def _evict(entries: list[_Entry]) -> None:
    """Drop the entry that would expire first."""
    soonest = 0
    for index in range(1, len(entries)):
        if entries[index].expires_ms < entries[soonest].expires_ms:
            soonest = index
    entries.pop(soonest)


def _encode(entries: list[_Entry]) -> bytes:
    """Entry after entry: expiry (8 bytes), sizes of key and value (4 bytes each), key, value."""
    parts: list[bytes] = []
    for entry in entries:
        parts.append(entry.expires_ms.to_bytes(_EXPIRY_BYTES, "little"))
        parts.append(len(entry.key).to_bytes(_SIZE_BYTES, "little"))
        parts.append(len(entry.value).to_bytes(_SIZE_BYTES, "little"))
        parts.append(entry.key)
        parts.append(entry.value)
    return b"".join(parts)


def _live_entries(data: bytes | None) -> list[_Entry]:
    """The entries whose time is not over. What somebody else wrote reads as if it ended there."""
    entries: list[_Entry] = []
    if data is None:
        return entries
    now_ms = clock.now_ns() // _NS_PER_MS
    at = 0
    while at + _HEAD_BYTES <= len(data):
        key = at + _HEAD_BYTES
        value = key + _number(data, at + _EXPIRY_BYTES, _SIZE_BYTES)
        end = value + _number(data, at + _EXPIRY_BYTES + _SIZE_BYTES, _SIZE_BYTES)
        if end > len(data):
            break
        # Six of the eight bytes are enough until the year 10889.
        expires_ms = _number(data, at, 6)
        if expires_ms > now_ms:
            entries.append(_Entry(data[key:value], data[value:end], expires_ms))
        at = end
    return entries


def _number(data: bytes, at: int, size: int) -> int:
    number = 0
    for index in range(at + size - 1, at - 1, -1):
        number = number << 8 | data[index]
    return number
