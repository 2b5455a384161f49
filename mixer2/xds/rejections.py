"""Rejections: what nodes refused, why, and what they keep instead."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from mixer2.xds.resource import Resource


@dataclass(frozen=True, slots=True)
class Rejection:
    """A version of a resource that a node refused.

    Args:
        name: Of the resource.
        version: Of the resource.
        reason: In the node's words.
        since: When it was first refused.
        kept: The last good version, which the node keeps instead; None when there is none.
    """

    name: str
    version: str
    reason: str
    since: datetime
    kept: Resource | None = None


class RejectionMemory(Protocol):
    """Where rejections outlive the process."""

    def recall(self, node_id: str) -> Iterable[tuple[str, Rejection]]:
        """Return all rejections of a node, each with its type URL."""

    def remember(self, node_id: str, type_url: str, rejection: Rejection) -> None:
        """Keep a rejection instead of what was kept for that name."""

    def forget(self, node_id: str, type_url: str, name: str) -> None:
        """Keep nothing for that name any more."""


class NoMemory:
    """Forgets all with the process."""

    def recall(self, node_id: str) -> Iterable[tuple[str, Rejection]]:
        """Return nothing."""
        return ()

    def remember(self, node_id: str, type_url: str, rejection: Rejection) -> None:
        """Do nothing."""

    def forget(self, node_id: str, type_url: str, name: str) -> None:
        """Do nothing."""
