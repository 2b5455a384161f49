"""What of rollouts outlives the process: bundles, their state, and who did what and why.

Behind `RolloutStore`, so that several servers can share a store one day. Here it is SQLite: one
file, one writer, each change in a transaction.
"""

import json
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

import structlog

from mixer2.mesh.schema.filters import RolloutPolicy
from mixer2.rollout.errors import RolloutError
from mixer2.rollout.rollout import Rollout
from mixer2.xds.builders.extension import FailurePolicy
from mixer2.xds.bundle import Bundle

_log = structlog.get_logger("mixer2.rollout")

_SCHEMA = """
CREATE TABLE IF NOT EXISTS filter (
    name TEXT PRIMARY KEY,
    stable TEXT NOT NULL,   -- JSON of a bundle
    rollout TEXT            -- JSON of the last rollout, or NULL
);
CREATE TABLE IF NOT EXISTS audit (
    id INTEGER PRIMARY KEY,
    at TEXT NOT NULL,       -- ISO 8601, UTC
    who TEXT NOT NULL,
    action TEXT NOT NULL,
    filter TEXT NOT NULL,
    version TEXT NOT NULL,
    why TEXT NOT NULL
);
"""


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """Something that was done.

    Args:
        at: When, ISO 8601 in UTC.
        who: A person, or "mixer2" for what it does by itself.
        action: In one word: "start", "step", "roll_back", ...
        filter: To which filter.
        version: Of which bundle.
        why: The reason that was given or found.
    """

    at: str
    who: str
    action: str
    filter: str
    version: str
    why: str


class RolloutStore(Protocol):
    """Keeps the state of filters, and the audit log."""

    def load(self) -> dict[str, tuple[Bundle, Rollout | None]]:
        """Return the stable bundle and the last rollout of each filter."""

    def save(self, stable: Bundle, rollout: Rollout | None) -> None:
        """Keep the state of a filter."""

    def drop(self, filter_name: str) -> None:
        """Keep nothing of a filter any more, but what the audit log says."""

    def record(self, who: str, action: str, bundle: Bundle, why: str) -> None:
        """Add to the audit log."""

    def audit(self, most: int = 100) -> list[AuditEntry]:
        """Return the last entries of the audit log, newest first."""


class SqliteRolloutStore:
    """A `RolloutStore` in a file.

    Args:
        path: The file; made when it is not there.

    Raises:
        RolloutError: it cannot be opened, or is no such store.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._db = sqlite3.connect(path)
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.executescript(_SCHEMA)
        except sqlite3.Error as error:
            raise RolloutError(f"{path}: {error}") from error

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def load(self) -> dict[str, tuple[Bundle, Rollout | None]]:
        """Return the stable bundle and the last rollout of each filter."""
        with closing(self._db.execute("SELECT name, stable, rollout FROM filter")) as rows:
            return {
                name: (_bundle(json.loads(stable)), _rollout(rollout))
                for name, stable, rollout in rows
            }

    def save(self, stable: Bundle, rollout: Rollout | None) -> None:
        """Keep the state of a filter."""
        self._write(
            "INSERT OR REPLACE INTO filter (name, stable, rollout) VALUES (?, ?, ?)",
            (stable.filter, json.dumps(_bundle_json(stable)), _rollout_json(rollout)),
        )

    def drop(self, filter_name: str) -> None:
        """Keep nothing of a filter any more, but what the audit log says."""
        self._write("DELETE FROM filter WHERE name = ?", (filter_name,))

    def record(self, who: str, action: str, bundle: Bundle, why: str) -> None:
        """Add to the audit log."""
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        self._write(
            "INSERT INTO audit (at, who, action, filter, version, why) VALUES (?, ?, ?, ?, ?, ?)",
            (at, who, action, bundle.filter, bundle.version, why),
        )

    def audit(self, most: int = 100) -> list[AuditEntry]:
        """Return the last entries of the audit log, newest first."""
        query = "SELECT at, who, action, filter, version, why FROM audit ORDER BY id DESC LIMIT ?"
        with closing(self._db.execute(query, (most,))) as rows:
            return [AuditEntry(*row) for row in rows]

    def _write(self, statement: str, values: tuple[str | None, ...]) -> None:
        """Write, or say that it could not: a full disk must not end the server."""
        try:
            with self._db:
                self._db.execute(statement, values)
        except sqlite3.Error as error:
            _log.error("rollout.not_stored", path=str(self._path), problem=str(error), lost=values)


def digests_of(states: Iterable[tuple[Bundle, Rollout | None]]) -> set[str]:
    """Return the modules that filters need, now or when a rollout goes back."""
    found = set()
    for stable, rollout in states:
        found.add(stable.digest)
        if rollout is not None:
            found |= {rollout.candidate.digest, rollout.baseline.digest}
    return found


def _bundle_json(bundle: Bundle) -> dict[str, str]:
    return {
        "filter": bundle.filter,
        "digest": bundle.digest,
        "configuration": bundle.configuration.hex(),
        "failure": bundle.failure.name,
        "delivery": bundle.delivery,
    }


def _bundle(value: dict[str, Any]) -> Bundle:
    return Bundle(
        value["filter"],
        value["digest"],
        bytes.fromhex(value["configuration"]),
        FailurePolicy[value["failure"]],
        value["delivery"],
    )


def _rollout_json(rollout: Rollout | None) -> str | None:
    if rollout is None:
        return None
    return json.dumps(
        {
            "candidate": _bundle_json(rollout.candidate),
            "baseline": _bundle_json(rollout.baseline),
            "policy": rollout.policy.model_dump(mode="json"),
            "started": rollout.started,
            "step": rollout.step,
            "step_since": rollout.step_since,
            "state": rollout.state,
            "why": rollout.why,
            "control_ratio": rollout.control_ratio,
            "reach": rollout.reach,
        }
    )


def _rollout(text: str | None) -> Rollout | None:
    if text is None:
        return None
    value = json.loads(text)
    return Rollout(
        candidate=_bundle(value["candidate"]),
        baseline=_bundle(value["baseline"]),
        policy=RolloutPolicy.model_validate(value["policy"]),
        started=value["started"],
        step=value["step"],
        step_since=value["step_since"],
        state=value["state"],
        why=value["why"],
        control_ratio=value["control_ratio"],
        reach=value.get("reach", 0.0),
    )
