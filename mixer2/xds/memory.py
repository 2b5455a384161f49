"""The memory of rejections in SQLite: a server that was restarted knows what nodes refused.

A write takes some tens of microseconds, in WAL mode without waiting for the disk: a power failure
may lose the last ones, and then a refused version is sent once more. Writing never fails a stream.
"""

import json
import sqlite3
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import structlog

from mixer2.xds.errors import CannotRemember
from mixer2.xds.rejections import Rejection
from mixer2.xds.resource import Reference, Resource

_log = structlog.get_logger("mixer2.xds")

_MOST = 100_000  # rejections; the oldest go
_BUSY_MS = 200
_TABLES = """
CREATE TABLE IF NOT EXISTS kept_resource (
    type_url TEXT NOT NULL, name TEXT NOT NULL, version TEXT NOT NULL,
    value BLOB NOT NULL, reference TEXT NOT NULL, ttl REAL,
    PRIMARY KEY (type_url, name, version)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS rejection (
    node_id TEXT NOT NULL, type_url TEXT NOT NULL, name TEXT NOT NULL,
    version TEXT NOT NULL, reason TEXT NOT NULL, since TEXT NOT NULL, kept_version TEXT,
    PRIMARY KEY (node_id, type_url, name)
) STRICT;
"""
_RECALL = """
SELECT r.type_url, r.name, r.version, r.reason, r.since, r.kept_version, k.value, k.reference, k.ttl
FROM rejection AS r LEFT JOIN kept_resource AS k
ON k.type_url = r.type_url AND k.name = r.name AND k.version = r.kept_version
WHERE r.node_id = ? ORDER BY r.since
"""
_TIDY = """
DELETE FROM rejection WHERE rowid NOT IN (SELECT rowid FROM rejection ORDER BY since DESC LIMIT ?)
"""
_TIDY_KEPT = """
DELETE FROM kept_resource WHERE NOT EXISTS (
    SELECT 1 FROM rejection AS r WHERE r.type_url = kept_resource.type_url
    AND r.name = kept_resource.name AND r.kept_version = kept_resource.version)
"""


class SqliteMemory:
    """Keeps rejections in a file; a context manager that closes it.

    Args:
        path: The file; made when it is not there. Other tables in it are left alone.

    Raises:
        CannotRemember: the file cannot be used.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._database = sqlite3.connect(path, isolation_level=None, timeout=_BUSY_MS / 1000)
            self._database.execute("PRAGMA journal_mode = WAL")
            self._database.execute("PRAGMA synchronous = NORMAL")
            self._database.executescript(_TABLES)
            self._database.execute(_TIDY, (_MOST,))
            self._database.execute(_TIDY_KEPT)
        except sqlite3.Error as error:
            raise CannotRemember(f"{path}: {error}") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def recall(self, node_id: str) -> Iterable[tuple[str, Rejection]]:
        """Return all rejections of a node, each with its type URL."""
        try:
            rows = self._database.execute(_RECALL, (node_id,)).fetchall()
            return [(row[0], _rejection(row)) for row in rows]
        except (sqlite3.Error, ValueError) as error:
            self._failed("recall", error)
            return []

    def remember(self, node_id: str, type_url: str, rejection: Rejection) -> None:
        """Keep a rejection instead of what was kept for that name."""
        kept = rejection.kept
        if kept is not None and kept.known:
            self._execute(
                "INSERT OR IGNORE INTO kept_resource VALUES (?, ?, ?, ?, ?, ?)",
                kept.type_url,
                kept.name,
                kept.version,
                kept.value,
                json.dumps(kept.references),
                kept.ttl,
            )
        self._execute(
            "INSERT OR REPLACE INTO rejection VALUES (?, ?, ?, ?, ?, ?, ?)",
            node_id,
            type_url,
            rejection.name,
            rejection.version,
            rejection.reason,
            rejection.since.isoformat(),
            kept.version if kept is not None else None,
        )

    def forget(self, node_id: str, type_url: str, name: str) -> None:
        """Keep nothing for that name any more."""
        self._execute(
            "DELETE FROM rejection WHERE node_id = ? AND type_url = ? AND name = ?",
            node_id,
            type_url,
            name,
        )

    def _execute(self, statement: str, *values: Any) -> None:
        try:
            self._database.execute(statement, values)
        except (sqlite3.Error, UnicodeEncodeError) as error:
            self._failed("write", error)

    def _failed(self, what: str, error: Exception) -> None:
        _log.error("xds.memory_failed", what=what, path=str(self._path), reason=str(error))


def _rejection(row: tuple[Any, ...]) -> Rejection:
    type_url, name, version, reason, since, kept_version, value, reference, ttl = row
    kept = None
    if value is not None:
        references = tuple(Reference(*one) for one in json.loads(reference))
        kept = Resource(type_url, name, kept_version, value, references, ttl)
    elif kept_version is not None:
        kept = Resource.unknown(type_url, name, kept_version)
    at = datetime.fromisoformat(since).astimezone(UTC)
    return Rejection(name, version, reason, at, kept)
