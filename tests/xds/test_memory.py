"""Rejections outlive the process."""

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from mixer2.xds import memory as memory_module
from mixer2.xds.errors import CannotRemember
from mixer2.xds.memory import SqliteMemory
from mixer2.xds.messages import Node
from mixer2.xds.nodes import Nodes
from mixer2.xds.rejections import Rejection
from mixer2.xds.resource import CLUSTER, ENDPOINTS, EXTENSION, LISTENER, Reference, Resource
from tests.xds.client import Client, listener, plugin, says

SINCE = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def rejection(name: str, kept: Resource | None = None) -> Rejection:
    return Rejection(name, "bad", "it is bad", SINCE, kept)


def test_what_is_remembered_is_recalled_by_the_next_process(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    kept = Resource.of(CLUSTER, "a", b"\x00good", [Reference(ENDPOINTS, "a")], ttl=2.5)
    with SqliteMemory(path) as memory:
        memory.remember("n", CLUSTER, rejection("a", kept))
        memory.remember("n", EXTENSION, rejection("p"))
        memory.remember("other", EXTENSION, rejection("p"))
        memory.remember("n", EXTENSION, rejection("q"))
        memory.forget("n", EXTENSION, "q")
    with SqliteMemory(path) as memory:
        recalled = dict(memory.recall("n"))
    assert recalled == {CLUSTER: rejection("a", kept), EXTENSION: rejection("p")}
    again = recalled[CLUSTER].kept
    assert again is not None
    assert (again.value, again.references, again.ttl) == (kept.value, kept.references, kept.ttl)


def test_of_what_was_never_had_the_version_is_remembered(tmp_path: Path) -> None:
    unknown = Resource.unknown(CLUSTER, "a", "1")
    with SqliteMemory(tmp_path / "state.db") as memory:
        memory.remember("n", CLUSTER, rejection("a", unknown))
        ((_, one),) = memory.recall("n")
    assert one.kept is not None
    assert (one.kept.version, one.kept.known) == ("1", False)


@settings(deadline=None, max_examples=30)
@given(st.text(), st.text(), st.text())
def test_any_text_does_no_harm(node_id: str, name: str, reason: str) -> None:
    with SqliteMemory(Path(":memory:")) as memory:
        memory.remember(node_id, CLUSTER, Rejection(name, "1", reason, SINCE))
        assert [one.reason for _, one in memory.recall(node_id)] in ([reason], [])


def test_the_oldest_go_when_there_are_too_many(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory_module, "_MOST", 2)
    path = tmp_path / "state.db"
    with SqliteMemory(path) as memory:
        for day in (3, 1, 2):
            since = SINCE.replace(day=day)
            kept = plugin(str(day))
            memory.remember("n", EXTENSION, Rejection(str(day), "bad", "", since, kept))
    with SqliteMemory(path) as memory:
        assert [one.name for _, one in memory.recall("n")] == ["2", "3"]
        names = memory._database.execute("SELECT name FROM kept_resource").fetchall()
    assert sorted(names) == [("2",), ("3",)]


def test_a_file_that_is_no_database_is_said_at_the_start(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    path.write_bytes(b"not a database, but some text that is long enough to look at" * 20)
    with pytest.raises(CannotRemember, match=r"state\.db: file is not a database"):
        SqliteMemory(path)
    with pytest.raises(CannotRemember, match="unable to open"):
        SqliteMemory(tmp_path / "missing" / "state.db")


def test_a_file_that_fails_later_fails_nobody(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    with SqliteMemory(path) as memory, sqlite3.connect(path) as other:
        other.execute("DROP TABLE rejection")
        other.commit()
        with capture_logs() as logs:
            memory.remember("n", EXTENSION, rejection("p"))
            assert list(memory.recall("n")) == []
    assert [one["event"] for one in logs] == ["xds.memory_failed"] * 2


def after_a_restart(path: Path, first: Client) -> Client:
    """A client of a new server process, which knows the node from the file alone."""
    with SqliteMemory(path) as memory:
        client = Client(Nodes(memory).connect(Node("n")))
    client.version = first.version
    return client


def refusing(memory: SqliteMemory) -> Client:
    """A client that has a listener in version 1 and refused 2; and the same with a plugin."""
    client = Client(Nodes(memory).connect(Node("n")))
    client.given(listener("l"), plugin("p"))
    client.acks_all(client.asks(LISTENER))
    client.acks_all(client.asks(EXTENSION, "p"))
    (ecds,) = client.given(listener("l", "2"), plugin("p", "2"))
    (lds,) = client.nacks(ecds, "no")
    client.nacks(lds, "Error adding/updating listener(s) l: no")
    assert client.refused() == ["l", "p"]
    return client


def test_a_restarted_server_does_not_send_what_was_refused(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    with SqliteMemory(path) as memory:
        first = refusing(memory)
    second = after_a_restart(path, first)
    second.given(listener("l", "2"), plugin("p", "2"))
    assert second.refused() == ["l", "p"]
    version = first.version[LISTENER]
    assert second.asks(LISTENER, version=version) == []
    assert second.asks(EXTENSION, "p", version=first.version[EXTENSION]) == []


def test_a_new_process_of_the_node_gets_the_last_good_version_from_the_file(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    with SqliteMemory(path) as memory:
        first = refusing(memory)
    second = after_a_restart(path, first)
    second.given(listener("l", "2"), plugin("p", "2"))
    second.version = {}
    assert says(second.asks(EXTENSION, "p")) == ["ECDS p=1"]
    assert says(second.asks(LISTENER)) == ["LDS l=1"]


def test_what_is_mended_is_forgotten_in_the_file_too(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    with SqliteMemory(path) as memory:
        first = refusing(memory)
        first.given(listener("l", "3"), plugin("p", "3"))
        assert list(memory.recall("n")) == []
