"""Snapshots made from others are those that would have been made from the start."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mixer2.xds.errors import InconsistentSnapshot
from mixer2.xds.holding import Holding
from mixer2.xds.live import LiveSnapshot
from mixer2.xds.resource import CLUSTER, ENDPOINTS, Reference, Resource, version_of
from mixer2.xds.snapshot import Change, Snapshot
from tests.xds.client import cluster, endpoints

NAMES = st.sampled_from("abcd")
RESOURCES = st.builds(
    lambda type_url, name, content: Resource.of(type_url, name, content.encode()),
    st.sampled_from([CLUSTER, ENDPOINTS]),
    NAMES,
    st.sampled_from("123"),
)
SETS = st.lists(RESOURCES, unique_by=lambda one: (one.type_url, one.name))
GONE = st.lists(st.builds(Reference, st.sampled_from([CLUSTER, ENDPOINTS]), NAMES))


def by_key(resources: Snapshot) -> dict[tuple[str, str], Resource]:
    return {(one.type_url, one.name): one for one in resources}


@settings(deadline=None)
@given(SETS, SETS, GONE)
def test_changes_make_what_would_have_been_made(
    before: list[Resource], put: list[Resource], remove: list[Reference]
) -> None:
    old = Snapshot(before)
    new = old.with_changes(put, remove)
    expected = by_key(old)
    for reference in remove:
        expected.pop(reference, None)
    expected |= {(one.type_url, one.name): one for one in put}
    assert by_key(new) == expected
    assert new.version == Snapshot(expected.values()).version
    for type_url in (CLUSTER, ENDPOINTS):
        of_type = [one for one in expected.values() if one.type_url == type_url]
        assert new.version_of_type(type_url) == (version_of(of_type) if of_type else "")
    assert by_key(old) == by_key(Snapshot(before))  # the old one is as it was


@settings(deadline=None)
@given(SETS, SETS, GONE)
def test_a_change_is_the_same_whether_remembered_or_found(
    before: list[Resource], put: list[Resource], remove: list[Reference]
) -> None:
    old = Snapshot(before)
    new = old.with_changes(put, remove)
    remembered = new.change_from(old)
    found = Snapshot(new).change_from(old)
    assert {url: dict(of) for url, of in remembered.was.items() if of} == {
        url: dict(of) for url, of in found.was.items() if of
    }
    assert remembered.before == found.before == old.version


@settings(deadline=None)
@given(SETS, SETS)
def test_a_change_says_what_was(before: list[Resource], after: list[Resource]) -> None:
    old, new = Snapshot(before), Snapshot(after)
    change = new.change_from(old)
    keys = by_key(old).keys() | by_key(new).keys()
    expected = {key for key in keys if by_key(old).get(key) != by_key(new).get(key)}
    assert {(url, name) for url, of in change.was.items() for name in of} == expected
    for url, of in change.was.items():
        for name, was in of.items():
            assert was == old.get(url, name)


def test_references_are_checked_in_what_changed() -> None:
    good = Snapshot([cluster("a"), endpoints("a")])
    good.check()
    with pytest.raises(InconsistentSnapshot, match="EDS 'b'"):
        good.with_changes([cluster("b")]).check()
    with pytest.raises(InconsistentSnapshot, match="EDS 'a'"):
        good.with_changes(remove=[Reference(ENDPOINTS, "a")]).check()
    good.with_changes([endpoints("a", "2")]).check()
    # What was never checked is checked as a whole.
    with pytest.raises(InconsistentSnapshot, match="EDS 'a'"):
        Snapshot([cluster("a")]).with_changes([endpoints("b")]).check()


@settings(deadline=None)
@given(st.lists(st.tuples(st.booleans(), NAMES, st.sampled_from("12"))))
def test_a_holding_has_the_version_of_what_it_holds(steps: list[tuple[bool, str, str]]) -> None:
    holding, expected = Holding(), dict[str, Resource]()
    for puts, name, content in steps:
        one = endpoints(name, content)
        after = {**expected, name: one}
        assert holding.version_after([one]) == version_of(after.values())
        if puts:
            holding.put(one)
            expected = after
        else:
            without = [other for other in expected.values() if other.name != name]
            assert holding.version_after(without=[name]) == version_of(without)
            holding.drop(name)
            expected.pop(name, None)
        assert holding.by_name == expected
        assert holding.version == version_of(expected.values())


class Told:
    def __init__(self) -> None:
        self.changes: list[Change] = []

    def changed(self, change: Change) -> None:
        self.changes.append(change)


@settings(deadline=None)
@given(SETS, SETS, st.sets(NAMES), st.booleans())
def test_who_is_subscribed_is_told_and_nobody_else(
    before: list[Resource], after: list[Resource], names: set[str], everything: bool
) -> None:
    live, told = LiveSnapshot(Snapshot(before)), Told()
    live.join(told)
    live.subscribe(told, ENDPOINTS, names)
    if everything:
        live.subscribe_to_all(told, ENDPOINTS)
    live.replace(Snapshot(after))
    change = Snapshot(after).change_from(Snapshot(before))
    changed = set(change.was.get(ENDPOINTS, {}))
    assert bool(told.changes) == bool(changed if everything else changed & names)
    live.unsubscribe(told, ENDPOINTS, names)
    live.unsubscribe_from_all(told, ENDPOINTS)
    count = len(told.changes)
    live.replace(Snapshot(before))
    assert len(told.changes) == count
    assert not live._by_name
