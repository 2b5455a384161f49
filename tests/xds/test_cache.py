import pytest

from mixer2.xds.cache import SnapshotCache
from mixer2.xds.errors import InconsistentSnapshot
from mixer2.xds.messages import Node
from mixer2.xds.resource import CLUSTER, ENDPOINTS, Reference, Resource
from mixer2.xds.snapshot import Snapshot

ONE = Snapshot([Resource.of(CLUSTER, "a", b"1")])
TWO = Snapshot([Resource.of(CLUSTER, "a", b"2")])


def test_a_watcher_gets_what_is_there_and_what_comes() -> None:
    cache = SnapshotCache()
    early: list[Snapshot] = []
    late: list[Snapshot] = []
    cache.watch(Node("early"), early.append)
    assert cache.set(ONE)
    end = cache.watch(Node("late"), late.append)
    assert cache.set(TWO)
    end()
    assert cache.set(ONE)
    assert early == [ONE, TWO, ONE]
    assert late == [ONE, TWO]


def test_the_same_content_is_no_change() -> None:
    cache = SnapshotCache()
    seen: list[Snapshot] = []
    cache.watch(Node("n"), seen.append)
    assert cache.set(ONE)
    assert not cache.set(Snapshot(ONE))
    assert seen == [ONE]


def test_groups_do_not_see_each_other() -> None:
    cache = SnapshotCache(lambda node: node.cluster)
    edge: list[Snapshot] = []
    core: list[Snapshot] = []
    cache.watch(Node("a", cluster="edge"), edge.append)
    cache.watch(Node("b", cluster="core"), core.append)
    cache.set(ONE, group="edge")
    cache.set(TWO, group="core")
    assert (edge, core) == ([ONE], [TWO])
    assert cache.get("edge") is ONE
    assert cache.get("elsewhere") is None


def test_an_inconsistent_snapshot_changes_nothing() -> None:
    cache = SnapshotCache()
    cache.set(ONE)
    seen: list[Snapshot] = []
    cache.watch(Node("n"), seen.append)
    bad = Snapshot([Resource.of(CLUSTER, "a", b"3", [Reference(ENDPOINTS, "a")])])
    with pytest.raises(InconsistentSnapshot):
        cache.set(bad)
    assert cache.get() is ONE
    assert seen == [ONE]


def test_a_watch_may_end_twice_and_while_others_go_on() -> None:
    cache = SnapshotCache()
    seen: list[Snapshot] = []
    end = cache.watch(Node("a"), lambda _snapshot: None)
    end()
    cache.watch(Node("b"), seen.append)
    end()
    cache.set(ONE)
    assert seen == [ONE]


def test_nodes_can_be_assigned_one_by_one_and_again() -> None:
    cache = SnapshotCache()
    cache.set(ONE)
    seen: dict[str, list[Snapshot]] = {"a": [], "b": []}
    for name, snapshots in seen.items():
        cache.watch(Node(name), snapshots.append)
    told = cache.assign(lambda node: TWO if node.id == "a" else ONE)
    assert told == 1  # b has the same content as before
    assert seen == {"a": [ONE, TWO], "b": [ONE]}
    assert cache.assign(lambda node: ONE if node.id == "a" else None) == 1
    assert seen == {"a": [ONE, TWO, ONE], "b": [ONE]}
    late: list[Snapshot] = []
    cache.watch(Node("a"), late.append)
    assert late == [ONE]
