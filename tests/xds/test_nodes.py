import asyncio

import pytest

from mixer2.xds import nodes as nodes_module
from mixer2.xds.messages import Node
from mixer2.xds.nodes import Nodes
from mixer2.xds.resource import EXTENSION, Resource
from mixer2.xds.sotw_subscription import SotwSubscription
from mixer2.xds.type_status import TypeStatus
from tests.xds.client import plugin


def status_of(*held: Resource) -> TypeStatus:
    """A node that holds some resources."""
    subscription = SotwSubscription(EXTENSION)
    for one in held:
        subscription.held.put(one)
    status = TypeStatus(EXTENSION)
    status.subscribed(subscription)
    return status


def test_an_ack_is_noted() -> None:
    status = status_of(plugin("a"))
    status.accept([plugin("a")], "v1")
    assert (status.acked_version, status.uncertain) == ("v1", False)
    assert status.acked_at is not None
    assert status.held == {"a": plugin("a")}


def test_a_rejection_keeps_its_first_time_and_reason() -> None:
    status = status_of()
    status.reject([plugin("a", "bad")], "first")
    (rejection,) = status.rejections
    status.reject([plugin("a", "bad")], "second")
    assert status.rejections == (rejection,)
    assert rejection.reason == "first"
    assert status.refused(plugin("a", "bad"))
    assert not status.refused(plugin("a"))


def test_what_was_held_is_the_last_good_version() -> None:
    status = status_of(plugin("a"))
    status.reject([plugin("a", "bad")], "no")
    assert status.last_good("a") == plugin("a")
    status.reject([plugin("a", "worse")], "no")
    assert status.last_good("a") == plugin("a")


def test_what_was_good_and_is_refused_now_is_not_the_last_good_version() -> None:
    status = status_of(plugin("a"))
    status.reject([plugin("a", "bad")], "no")
    status.reject([plugin("a")], "not here")
    assert status.last_good("a") is None
    assert status.refused(plugin("a", "bad"))


def test_what_an_earlier_stream_held_is_the_last_good_version_too() -> None:
    status = status_of(plugin("a"))
    status.subscribed(SotwSubscription(EXTENSION))
    status.reject([plugin("a", "bad")], "no")
    assert status.last_good("a") == plugin("a")


def test_only_rejections_of_what_is_wanted_stay() -> None:
    status = status_of()
    status.reject([plugin("a", "bad"), plugin("b", "bad"), plugin("gone", "bad")], "no")
    status.keep_only({"a": plugin("a", "bad"), "b": plugin("b", "mended")})
    assert [(one.name, one.reason) for one in status.rejections] == [("a", "no")]


def test_a_fresh_client_may_try_what_has_no_good_version() -> None:
    status = status_of(plugin("a"), Resource.unknown(EXTENSION, "c", "1"))
    status.reject([plugin(name, "bad") for name in "abc"], "no")
    status.start_afresh()
    assert [one.name for one in status.rejections] == ["a"]


def test_a_node_with_two_streams_is_connected_until_both_end() -> None:
    nodes = Nodes()
    first = nodes.connect(Node("n"))
    assert nodes.connect(Node("n", agent="envoy 1.40.0")) is first
    assert first.node.agent == "envoy 1.40.0"
    nodes.disconnect(first)
    assert first.connected
    nodes.disconnect(first)
    assert not first.connected


def test_those_that_are_gone_longest_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nodes_module, "_MOST_DISCONNECTED", 2)
    nodes = Nodes()
    statuses = {name: nodes.connect(Node(name)) for name in "abcd"}
    for name in "bac":
        nodes.disconnect(statuses[name])
    assert [one.node.id for one in nodes] == ["a", "c", "d"]
    nodes.connect(Node("a"))  # it came back, and is not counted as gone any more
    nodes.disconnect(statuses["d"])
    assert [one.node.id for one in nodes] == ["a", "c", "d"]
    assert nodes.get("b") is None


class Settled:
    """A stream whose client has all of a snapshot."""

    def __init__(self, version: str) -> None:
        self.settled_version = version


async def test_waiting_ends_when_it_is_true() -> None:
    nodes = Nodes()
    waiting = asyncio.create_task(nodes.wait_settled("v", "n"))
    await asyncio.sleep(0)
    status = nodes.connect(Node("n"))
    await asyncio.sleep(0)
    assert not waiting.done()
    status.opened(Settled("v"))
    nodes.changed()
    async with asyncio.timeout(1):
        await waiting
    async with asyncio.timeout(1):
        await nodes.wait_settled("v")
    nodes.connect(Node("other"))
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await nodes.wait_settled("v")


async def test_who_gives_up_waiting_leaves_nothing_behind() -> None:
    nodes = Nodes()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await nodes.wait_until(lambda _nodes: False)
    nodes.changed()
    assert not nodes._waiting
