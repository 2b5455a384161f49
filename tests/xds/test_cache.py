import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mixer2.xds.cache import SnapshotCache
from mixer2.xds.errors import InconsistentSnapshot
from mixer2.xds.live import LiveSnapshot
from mixer2.xds.messages import Node
from mixer2.xds.resource import CLUSTER, ENDPOINTS, Reference, Resource
from mixer2.xds.snapshot import Change, Snapshot

ONE = Snapshot([Resource.of(CLUSTER, "a", b"1")])
TWO = Snapshot([Resource.of(CLUSTER, "a", b"2")])


class Follower:
    """A stream that is subscribed to all clusters, and notes which snapshots it saw."""

    def __init__(self, cache: SnapshotCache, node: Node) -> None:
        self.seen: list[Snapshot] = []
        self.live: LiveSnapshot | None = None
        self.end = cache.attach(node, self)

    def follow(self, live: LiveSnapshot) -> None:
        if self.live is not None:
            self.live.unsubscribe_from_all(self, CLUSTER)
            self.live.leave(self)
        before, self.live = self.live, live
        live.join(self)
        live.subscribe_to_all(self, CLUSTER)
        if live.snapshot is not None and (before is None or before.version != live.version):
            self.seen.append(live.snapshot)

    def changed(self, change: Change) -> None:
        assert self.live is not None
        assert self.live.snapshot is not None
        self.seen.append(self.live.snapshot)


def test_a_follower_gets_what_is_there_and_what_comes() -> None:
    cache = SnapshotCache()
    early = Follower(cache, Node("early"))
    assert cache.set(ONE)
    late = Follower(cache, Node("late"))
    assert cache.set(TWO)
    assert early.seen == [ONE, TWO]
    assert late.seen == [ONE, TWO]


def test_the_same_content_is_no_change() -> None:
    cache = SnapshotCache()
    follower = Follower(cache, Node("n"))
    assert cache.set(ONE)
    assert not cache.set(Snapshot(ONE))
    assert follower.seen == [ONE]


def test_an_empty_snapshot_is_one() -> None:
    cache = SnapshotCache()
    follower = Follower(cache, Node("n"))
    empty = Snapshot([])
    assert cache.set(empty)
    assert not cache.set(Snapshot([]))
    assert follower.seen == [empty]


def test_groups_do_not_see_each_other() -> None:
    cache = SnapshotCache(lambda node: node.cluster)
    edge = Follower(cache, Node("a", cluster="edge"))
    core = Follower(cache, Node("b", cluster="core"))
    cache.set(ONE, group="edge")
    cache.set(TWO, group="core")
    assert (edge.seen, core.seen) == ([ONE], [TWO])
    assert cache.get("edge") is ONE
    assert cache.get("elsewhere") is None


def test_an_inconsistent_snapshot_changes_nothing() -> None:
    cache = SnapshotCache()
    cache.set(ONE)
    follower = Follower(cache, Node("n"))
    bad = Snapshot([Resource.of(CLUSTER, "a", b"3", [Reference(ENDPOINTS, "a")])])
    with pytest.raises(InconsistentSnapshot):
        cache.set(bad)
    with pytest.raises(InconsistentSnapshot):
        cache.update(put=bad)
    assert cache.get() is ONE
    assert follower.seen == [ONE]


def test_an_update_is_a_snapshot_with_changes() -> None:
    cache = SnapshotCache()
    follower = Follower(cache, Node("n"))
    assert cache.update(put=ONE)
    assert not cache.update(put=ONE, remove=[Reference(CLUSTER, "nobody")])
    assert cache.update(put=TWO)
    assert cache.update(remove=[Reference(CLUSTER, "a")])
    assert [one.version for one in follower.seen] == [
        ONE.version,
        TWO.version,
        Snapshot([]).version,
    ]


def test_who_listens_is_told_of_changes() -> None:
    cache = SnapshotCache()
    told: list[str] = []
    cache.listen(lambda: told.append("set"))
    cache.set(ONE)
    cache.set(ONE)
    cache.assign(lambda _node: TWO)
    assert told == ["set", "set"]


def test_it_may_end_twice_and_while_others_go_on() -> None:
    cache = SnapshotCache()
    gone, stays = Follower(cache, Node("a")), Follower(cache, Node("b"))
    gone.end()
    gone.end()
    cache.assign(lambda _node: ONE)
    assert (gone.seen, stays.seen) == ([], [ONE])


def test_nodes_can_be_assigned_one_by_one_and_again() -> None:
    cache = SnapshotCache()
    cache.set(ONE)
    a, b = Follower(cache, Node("a")), Follower(cache, Node("b"))
    assert cache.assign(lambda node: TWO if node.id == "a" else ONE) == 1
    assert (a.seen, b.seen) == ([ONE, TWO], [ONE])
    assert cache.assign(lambda node: ONE if node.id == "a" else None) == 1
    assert (a.seen, b.seen) == ([ONE, TWO, ONE], [ONE])
    assert Follower(cache, Node("a")).seen == [ONE]
    # They are together again, and go on together.
    assert cache.assign(lambda _node: TWO) == 3
    assert a.live is b.live


def test_who_is_assigned_nothing_keeps_what_it_has() -> None:
    cache = SnapshotCache()
    cache.set(ONE)
    follower = Follower(cache, Node("n"))
    assert cache.assign(lambda _node: None) == 0
    cache.set(TWO)
    assert follower.seen == [ONE]
    assert Follower(cache, Node("new")).seen == []


def test_what_nodes_run_can_be_replaced_without_asking_for_each() -> None:
    cache = SnapshotCache()
    a, b = Follower(cache, Node("a")), Follower(cache, Node("b"))
    cache.assign(lambda node: ONE if node.id == "a" else None)
    after = {ONE.version: TWO}
    asked: list[Node] = []

    def snapshot_of(node: Node) -> Snapshot:
        asked.append(node)
        return TWO

    assert cache.succeed(lambda one: after.get(one.version, one), snapshot_of) == 1
    assert (a.seen, b.seen) == ([ONE, TWO], [])
    assert asked == []
    assert Follower(cache, Node("new")).seen == [TWO]
    assert cache.succeed(lambda one: one, snapshot_of) == 0
    assert a.seen == [ONE, TWO]


def test_what_becomes_the_same_goes_on_together() -> None:
    cache = SnapshotCache()
    a, b = Follower(cache, Node("a")), Follower(cache, Node("b"))
    cache.assign(lambda node: ONE if node.id == "a" else TWO)
    cache.succeed(lambda _one: TWO, lambda _node: TWO)
    assert (a.seen, b.seen) == ([ONE, TWO], [TWO])
    assert a.live is b.live
    cache.succeed(lambda _one: ONE, lambda _node: ONE)
    assert (a.seen, b.seen) == ([ONE, TWO, ONE], [TWO, ONE])


@settings(deadline=None)
@given(st.lists(st.lists(st.sampled_from([ONE, TWO, None]), min_size=4, max_size=4), max_size=6))
def test_after_any_assignments_each_has_its_own(rounds: list[list[Snapshot | None]]) -> None:
    cache = SnapshotCache()
    followers = [Follower(cache, Node(str(number))) for number in range(4)]
    last: list[Snapshot | None] = [None] * 4
    for wanted in rounds:
        told = cache.assign(lambda node, wanted=wanted: wanted[int(node.id)])  # type: ignore[misc]
        after = [new if new is not None else old for new, old in zip(wanted, last, strict=True)]
        assert told == sum(new is not old for new, old in zip(after, last, strict=True))
        last = after
        for follower, snapshot in zip(followers, last, strict=True):
            assert follower.seen[-1:] == ([snapshot] if snapshot is not None else [])
