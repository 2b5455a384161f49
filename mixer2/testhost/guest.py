"""What the proxy's side needs of a guest: a plugin's code, loaded and running in one VM."""

from collections.abc import Callable
from typing import Protocol, TypeAlias

from mixer2.testhost.boundary import Boundary


class Guest(Protocol):
    """One instance of a plugin's code, with memory of its own."""

    @property
    def exports(self) -> frozenset[str]:
        """Names of the callbacks that it has."""

    def start(self) -> None:
        """Run what runs before the first callback (`_initialize`, `_start`)."""

    def call(self, callback: str, arguments: tuple[int, ...]) -> int:
        """Run one callback; 0 when it returns nothing.

        Raises:
            TrapError: the guest is dead from now on.
            HostError: a host call raised it.
        """

    def live_objects(self) -> int | None:
        """Objects that the guest holds now; None when it does not tell."""

    def memory_size(self) -> int | None:
        """Bytes of its linear memory; None when it has none."""


GuestFactory: TypeAlias = Callable[[Boundary], Guest]
"""Makes a fresh guest whose host calls go to the given boundary."""
