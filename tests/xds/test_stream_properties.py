"""What holds for a stream whatever is changed, whenever, and however slow the client is."""

from typing import Literal

import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st

from mixer2.xds.resource import CLUSTER, ENDPOINTS, EXTENSION, LISTENER, ROUTES, Resource
from mixer2.xds.snapshot import Snapshot
from tests.xds.client import cluster, endpoints, listener, plugin, routes, says
from tests.xds.delta_envoy_model import DeltaEnvoyModel
from tests.xds.envoy_model import EnvoyModel

Model = EnvoyModel | DeltaEnvoyModel

both_variants = pytest.mark.parametrize("variant", [EnvoyModel, DeltaEnvoyModel])

VERSIONS = st.sampled_from("123")
NAMES = ("a", "b", "c")


@st.composite
def snapshots(draw: st.DrawFn, contents: st.SearchStrategy[str] = VERSIONS) -> Snapshot:
    """Up to three clusters, and one or two listeners whose routes lead to some of them."""
    resources: list[Resource] = []
    clusters = draw(st.lists(st.sampled_from(NAMES), unique=True, min_size=1))
    for name in clusters:
        resources += [cluster(name, draw(contents)), endpoints(name, draw(VERSIONS))]
    for name in draw(st.lists(st.sampled_from(("l", "m")), unique=True, min_size=1)):
        targets = draw(st.lists(st.sampled_from(clusters), unique=True, min_size=1))
        resources += [
            plugin(f"p-{name}", draw(contents)),
            routes(f"r-{name}", *targets, content=draw(contents)),
            listener(name, draw(contents), routes=f"r-{name}", plugin=f"p-{name}"),
        ]
    return Snapshot(resources)


def run(
    model: Model,
    coming: list[Snapshot],
    data: st.DataObject,
    *,
    safe: bool = False,
    breaks: Literal["never", "connection", "server"] = "never",
) -> None:
    """Deliver messages and offer snapshots in any order, until all is said.

    Args:
        model: Client and server.
        coming: What is offered.
        data: Says what comes next.
        safe: The client's routes lead to warm clusters at all times.
        breaks: The connection may break off once, and the server may be a new one then.
    """
    waiting = list(coming)
    while waiting or not model.quiet():
        steps = []
        if waiting:
            steps.append("offer")
        if model.to_server:
            steps.append("request")
        if model.to_client:
            steps.append("response")
        if breaks != "never":
            steps.append("reconnect")
        match data.draw(st.sampled_from(steps)):
            case "offer":
                note(f"offer {sorted(f'{one}={one.value.decode()}' for one in waiting[0])}")
                model.offer(waiting.pop(0))
            case "request":
                note(f"{model.to_server[0]}")
                model.deliver_request()
            case "reconnect":
                note("reconnect")
                model.reconnect(restarted=breaks == "server")
                breaks = "never"
            case _:
                note(f"{says(model.to_client)[0]}, nonce {model.to_client[0].nonce}")
                model.deliver_response()
        if safe:
            assert model.dangling() == []
        assert model.sent < 500
        if not waiting and model.quiet() and model.stream.wake_at is not None:
            model.wait()


def assert_holds(model: Model, snapshot: Snapshot) -> None:
    for type_url in (CLUSTER, ENDPOINTS, EXTENSION, LISTENER, ROUTES):
        assert model.has[type_url] == snapshot.of_type(type_url)
    assert model.status.rejections == ()
    assert model.status.settled_version == snapshot.version


@both_variants
@settings(deadline=None)
@given(st.lists(snapshots(), min_size=1, max_size=4), st.data())
def test_the_client_ends_up_with_the_last_snapshot(
    variant: type[Model], coming: list[Snapshot], data: st.DataObject
) -> None:
    model = variant()
    run(model, coming, data, safe=True)
    assert_holds(model, coming[-1])


@both_variants
@settings(deadline=None)
@given(st.lists(snapshots(), min_size=1, max_size=4), st.data())
def test_so_it_does_when_the_server_is_restarted(
    variant: type[Model], coming: list[Snapshot], data: st.DataObject
) -> None:
    model = variant()
    run(model, coming, data, breaks="server")
    assert_holds(model, coming[-1])


@both_variants
@settings(deadline=None)
@given(
    st.lists(snapshots(st.sampled_from(["1", "2", "bad", "bad2"])), min_size=1, max_size=4),
    st.data(),
)
def test_what_is_bad_is_refused_once_and_everything_else_arrives(
    variant: type[Model], coming: list[Snapshot], data: st.DataObject
) -> None:
    model = variant()
    run(model, coming, data, breaks="connection")
    last = coming[-1]
    refused = {(one.name, one.version) for one in model.status.rejections}
    for type_url in (CLUSTER, ENDPOINTS, EXTENSION, LISTENER, ROUTES):
        has = model.has.get(type_url, {})
        asked = last.of_type(type_url)
        if type_url in (ENDPOINTS, EXTENSION, ROUTES):
            asked = {name: asked[name] for name in model.names(type_url) if name in asked}
        for name, one in asked.items():
            if b"bad" in one.value:
                assert has.get(name) != one
            elif has.get(name) != one:
                # Held back, for it leads to a cluster that was refused.
                assert any(to.name not in model.has[CLUSTER] for to in one.references)
    assert all(b"bad" in one.value for one in last if (one.name, one.version) in refused)
    assert model.status.settled_version == last.version


@both_variants
@settings(deadline=None)
@given(snapshots(), snapshots(), st.data())
def test_what_is_settled_stays_silent(
    variant: type[Model], first: Snapshot, second: Snapshot, data: st.DataObject
) -> None:
    model = variant()
    run(model, [first, second], data, safe=True)
    sent = model.sent
    run(model, [Snapshot(second)], data, safe=True)
    model.wait()
    assert model.sent == sent


@settings(deadline=None)
@given(st.lists(snapshots(), min_size=1, max_size=4), st.data())
def test_in_the_incremental_variant_routes_survive_a_restart_of_the_server(
    coming: list[Snapshot], data: st.DataObject
) -> None:
    model = DeltaEnvoyModel()
    run(model, coming, data, safe=True, breaks="server")
    assert_holds(model, coming[-1])
