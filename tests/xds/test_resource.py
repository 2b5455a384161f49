import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mixer2.xds.errors import DuplicateResource, InconsistentSnapshot
from mixer2.xds.resource import (
    CLUSTER,
    ENDPOINTS,
    ROUTES,
    Reference,
    Resource,
    service,
    version_of,
)
from mixer2.xds.snapshot import Snapshot

A = Resource.of(CLUSTER, "a", b"1", [Reference(ENDPOINTS, "a")])
B = Resource.of(CLUSTER, "b", b"2")
ENDPOINTS_A = Resource.of(ENDPOINTS, "a", b"3")


def test_the_version_is_the_contents() -> None:
    assert Resource.of(CLUSTER, "a", b"1") == A
    assert Resource.of(CLUSTER, "a", b"2") != A


def test_resources_read_as_people_call_them() -> None:
    assert str(A) == "CDS 'a'"
    assert service("type.googleapis.com/x.y.Secret") == "Secret"


@settings(deadline=None)
@given(st.permutations([A, B, ENDPOINTS_A]))
def test_the_version_of_a_set_does_not_depend_on_order(resources: list[Resource]) -> None:
    assert version_of(resources) == version_of([A, B, ENDPOINTS_A])
    assert Snapshot(resources).version == Snapshot([A, B, ENDPOINTS_A]).version


@settings(deadline=None)
@given(st.lists(st.tuples(st.text(max_size=3), st.text(max_size=3)), unique_by=lambda one: one[0]))
def test_different_sets_have_different_versions(pairs: list[tuple[str, str]]) -> None:
    resources = [Resource(CLUSTER, name, version, b"") for name, version in pairs]
    assert version_of(resources) != version_of([*resources, Resource(CLUSTER, "other", "1", b"")])


def test_each_type_has_its_own_version() -> None:
    before, after = Snapshot([A, ENDPOINTS_A]), Snapshot([A, B, ENDPOINTS_A])
    assert before.version_of_type(ENDPOINTS) == after.version_of_type(ENDPOINTS)
    assert before.version_of_type(CLUSTER) != after.version_of_type(CLUSTER)
    assert before.version != after.version
    assert before.version_of_type(ROUTES) == ""


def test_two_of_one_name_are_refused() -> None:
    with pytest.raises(DuplicateResource, match="CDS 'a' is in the snapshot twice"):
        Snapshot([A, Resource.of(CLUSTER, "a", b"other")])


def test_all_dangling_references_are_listed() -> None:
    route = Resource.of(ROUTES, "r", b"", [Reference(CLUSTER, "x"), Reference(CLUSTER, "b")])
    with pytest.raises(InconsistentSnapshot) as caught:
        Snapshot([A, B, route]).check()
    assert str(caught.value) == (
        "CDS 'a' refers to EDS 'a', which is missing; RDS 'r' refers to CDS 'x', which is missing"
    )
    Snapshot([A, ENDPOINTS_A, B]).check()


def test_a_snapshot_is_a_collection() -> None:
    snapshot = Snapshot([A, ENDPOINTS_A])
    assert set(snapshot) == {A, ENDPOINTS_A}
    assert len(snapshot) == 2
    assert snapshot.get(CLUSTER, "a") is A
    assert snapshot.get(CLUSTER, "b") is None
    assert repr(snapshot) == f"<Snapshot {snapshot.version} of 2 resources>"
