"""The rules of a state-of-the-world stream, each driven directly."""

import pytest
from structlog.testing import capture_logs

from mixer2.xds import protos
from mixer2.xds.errors import ProtocolError
from mixer2.xds.messages import Node, Request
from mixer2.xds.nodes import Nodes
from mixer2.xds.resource import (
    CLUSTER,
    ENDPOINTS,
    EXTENSION,
    LISTENER,
    ROUTES,
    Resource,
    version_of,
)
from mixer2.xds.snapshot import Snapshot
from tests.xds.client import Client, cluster, endpoints, listener, plugin, routes, said, says

UNKNOWN = "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret"


# Subscribing


def test_a_request_is_answered_with_what_it_names() -> None:
    client = Client()
    client.given(plugin("a"), plugin("b"))
    (response,) = client.asks(EXTENSION, "a")
    assert said(response) == "ECDS a=1"
    assert response.version == version_of([plugin("a")])
    assert response.nonce


def test_before_there_is_a_snapshot_nothing_is_said() -> None:
    client = Client()
    assert client.asks(CLUSTER) == []
    assert says(client.given(cluster("a"), endpoints("a"))) == ["CDS a=1"]


def test_an_empty_snapshot_is_something_to_say() -> None:
    client = Client()
    client.given()
    (response,) = client.asks(LISTENER)
    assert said(response) == "LDS"
    assert client.acks(response) == []


def test_an_ack_is_not_answered() -> None:
    client = Client()
    client.given(plugin("a"))
    (response,) = client.asks(EXTENSION, "a")
    assert client.acks(response) == []
    status = client.status.of_type(EXTENSION)
    assert status.acked_version == status.sent_version == response.version
    assert status.acked_at is not None
    assert status.names == {"a"}


def test_an_unchanged_snapshot_is_not_pushed() -> None:
    client = Client()
    client.given(plugin("a"), plugin("b"))
    client.acks_all(client.asks(EXTENSION, "a"))
    assert client.given(plugin("a"), plugin("b")) == []
    assert client.given(plugin("a"), plugin("b", "2")) == []  # of no interest to this client


def test_a_change_is_pushed_and_nothing_else() -> None:
    client = Client()
    client.given(plugin("a"), plugin("b"))
    client.acks_all(client.asks(EXTENSION, "a", "b"))
    assert says(client.given(plugin("a"), plugin("b", "2"))) == ["ECDS b=2"]


def test_full_state_types_always_list_all() -> None:
    client = Client()
    client.given(listener("a"), listener("b"))
    client.acks_all(client.asks(LISTENER))
    assert says(client.given(listener("a"), listener("b", "2"))) == ["LDS a=1 b=2"]


def test_a_name_that_appears_later_is_served_then() -> None:
    client = Client()
    client.given(plugin("a"))
    assert client.asks(EXTENSION, "late") == []
    assert says(client.given(plugin("a"), plugin("late"))) == ["ECDS late=1"]


def test_a_name_that_does_not_exist_is_known_from_a_full_state_answer() -> None:
    client = Client()
    client.given(cluster("a"), endpoints("a"))
    assert says(client.asks(CLUSTER, "nobody")) == ["CDS"]


def test_names_that_come_twice_count_once() -> None:
    client = Client()
    client.given(plugin("a"))
    assert says(client.asks(EXTENSION, "a", "a")) == ["ECDS a=1"]


def test_more_names_bring_just_these() -> None:
    client = Client()
    client.given(plugin("a"), plugin("b"))
    client.acks_all(client.asks(EXTENSION, "a"))
    (response,) = client.asks(EXTENSION, "a", "b")
    assert said(response) == "ECDS b=1"
    assert response.version == version_of([plugin("a"), plugin("b")])


def test_unsubscribing_is_not_answered() -> None:
    client = Client()
    client.given(plugin("a"), plugin("b"))
    client.acks_all(client.asks(EXTENSION, "a", "b"))
    assert client.asks(EXTENSION, "a") == []
    assert client.given(plugin("a"), plugin("b", "2")) == []


def test_who_subscribes_again_gets_it_again() -> None:
    client = Client()
    client.given(plugin("a"), plugin("b"))
    client.acks_all(client.asks(EXTENSION, "a", "b"))
    client.asks(EXTENSION, "a")
    assert says(client.asks(EXTENSION, "a", "b")) == ["ECDS b=1"]


def test_unsubscribing_from_all_names_is_not_a_wildcard() -> None:
    client = Client()
    client.given(cluster("a"), endpoints("a"), cluster("b"), endpoints("b"))
    client.acks_all(client.asks(CLUSTER, "a"))
    assert client.asks(CLUSTER) == []
    assert not client.status.of_type(CLUSTER).wildcard


@pytest.mark.parametrize("type_url", [ENDPOINTS, EXTENSION, ROUTES])
def test_no_names_are_no_names_outside_cds_and_lds(type_url: str) -> None:
    client = Client()
    client.given(endpoints("a"), plugin("a"), routes("a"))
    assert client.asks(type_url) == []


def test_a_star_is_a_wildcard() -> None:
    client = Client()
    client.given(listener("a"), listener("b"))
    assert says(client.asks(LISTENER, "*")) == ["LDS a=1 b=1"]
    assert client.status.of_type(LISTENER).wildcard


def test_a_legacy_wildcard_ends_with_the_first_name() -> None:
    client = Client()
    client.given(listener("a"), listener("b"))
    client.acks_all(client.asks(LISTENER))
    assert client.asks(LISTENER, "a") == []  # held already
    assert client.given(listener("a"), listener("b", "2")) == []
    assert client.asks(LISTENER) == []  # and does not come back
    assert client.given(listener("a", "2"), listener("b", "2")) == []


def test_a_star_comes_back() -> None:
    client = Client()
    client.given(listener("a"), listener("b"))
    client.acks_all(client.asks(LISTENER, "a"))
    assert says(client.asks(LISTENER, "a", "*")) == ["LDS a=1 b=1"]


def test_types_do_not_disturb_each_other() -> None:
    client = Client()
    client.given(plugin("a"), routes("a"))
    (ecds,) = client.asks(EXTENSION, "a")
    (rds,) = client.asks(ROUTES, "a")
    assert ecds.nonce != rds.nonce
    assert client.acks(ecds) == []
    assert client.acks(rds) == []


def test_an_unknown_type_is_kept_in_mind_and_harmless() -> None:
    client = Client()
    client.given(plugin("a"))
    with capture_logs() as logs:
        assert client.asks(UNKNOWN, "tls") == []
    assert (logs[0]["event"], logs[0]["type"]) == ("xds.unknown_type", UNKNOWN)
    assert says(client.asks(EXTENSION, "a")) == ["ECDS a=1"]


def test_a_type_without_a_name_is_an_error() -> None:
    with pytest.raises(ProtocolError, match="names no type_url"):
        Client().asks("")


def test_types_are_bounded() -> None:
    client = Client()
    for number in range(64):
        client.asks(f"type.{number}")
    with pytest.raises(ProtocolError, match="more than 64 types"):
        client.asks("type.64")


# Nonces


def test_a_stale_nonce_is_ignored() -> None:
    client = Client()
    client.given(plugin("a"), plugin("b"))
    (first,) = client.asks(EXTENSION, "a")
    client.acks(first)
    (second,) = client.given(plugin("a", "2"), plugin("b"))
    # Sent before the second response arrived: for more names, and with the old nonce.
    assert client.asks(EXTENSION, "a", "b") == []
    assert client.status.of_type(EXTENSION).acked_version == first.version
    # The answer to the second repeats the names.
    assert says(client.acks(second)) == ["ECDS b=1"]


def test_a_stale_nack_is_ignored() -> None:
    client = Client()
    client.given(plugin("a"))
    (first,) = client.asks(EXTENSION, "a")
    client.acks(first)
    client.given(plugin("a", "2"))
    assert client.nacks(first, "late") == []
    assert client.refused() == []


def test_a_nonce_of_another_stream_does_not_stop_the_first_answer() -> None:
    client = Client()
    client.given(plugin("a"))
    client.nonce[EXTENSION] = "77"
    assert says(client.asks(EXTENSION, "a")) == ["ECDS a=1"]


def test_one_response_of_a_type_is_under_way_at_most() -> None:
    client = Client()
    client.given(plugin("a"))
    (first,) = client.asks(EXTENSION, "a")
    assert client.given(plugin("a", "2")) == []
    assert client.given(plugin("a", "3")) == []
    assert says(client.acks(first)) == ["ECDS a=3"]  # 2 was never sent


def test_a_second_answer_to_the_same_response_changes_nothing() -> None:
    client = Client()
    client.given(plugin("a"))
    (first,) = client.asks(EXTENSION, "a")
    client.acks(first)
    assert client.acks(first) == []
    assert client.nacks(first) == []
    assert client.refused() == []


# NACKs


def test_a_nack_is_remembered_and_not_repeated() -> None:
    client = Client()
    client.given(plugin("a"))
    client.acks_all(client.asks(EXTENSION, "a"))
    (bad,) = client.given(plugin("a", "bad"))
    with capture_logs() as logs:
        assert client.nacks(bad, "will not do") == []
    (rejection,) = client.status.rejections
    assert (rejection.name, rejection.reason) == ("a", "will not do")
    assert rejection.version == plugin("a", "bad").version
    (log,) = [one for one in logs if one["event"] == "xds.nack"]
    assert log["log_level"] == "warning"
    assert (log["node"], log["type"], log["resources"]) == ("n", "ECDS", ["a"])
    assert log["reason"] == "will not do"
    # Not by itself, not when the snapshot is the same, not when something else changes.
    assert client.stream.next_responses() == []
    assert client.given(plugin("a", "bad")) == []
    assert client.given(plugin("a", "bad"), plugin("b")) == []


def test_only_an_error_detail_makes_a_nack() -> None:
    client = Client()
    client.given(plugin("a"))
    (response,) = client.asks(EXTENSION, "a")
    # An old version, but no error: it is an ACK.
    client.nonce[EXTENSION] = response.nonce
    client.asks(EXTENSION, "a", version="something old")
    assert client.refused() == []
    assert client.status.of_type(EXTENSION).acked_version == response.version


def test_an_error_detail_is_a_nack_whatever_the_version_says() -> None:
    client = Client()
    client.given(plugin("a"))
    (response,) = client.asks(EXTENSION, "a")
    client.version[EXTENSION] = response.version
    client.nacks(response, "")
    (rejection,) = client.status.rejections
    assert rejection.reason == ""


def test_a_mended_version_is_sent_after_a_nack() -> None:
    client = Client()
    client.given(plugin("a"))
    client.acks_all(client.asks(EXTENSION, "a"))
    (bad,) = client.given(plugin("a", "bad"))
    client.nacks(bad)
    assert client.acks_all(client.given(plugin("a", "good"))) == ["ECDS a=good"]
    assert client.refused() == []


def test_going_back_after_a_nack_needs_no_push() -> None:
    client = Client()
    client.given(plugin("a"))
    client.acks_all(client.asks(EXTENSION, "a"))
    (bad,) = client.given(plugin("a", "bad"))
    client.nacks(bad)
    assert client.given(plugin("a")) == []
    assert client.refused() == []


def test_a_nack_may_change_the_subscription_too() -> None:
    client = Client()
    client.given(plugin("a"), plugin("b"))
    (response,) = client.asks(EXTENSION, "a")
    client.names[EXTENSION] = ("a", "b")
    assert says(client.nacks(response)) == ["ECDS b=1"]


def test_when_one_of_several_is_bad_it_is_found_out() -> None:
    client = Client()
    client.given(
        routes("a", content="1"),
        routes("b", content="1"),
        routes("c", content="1"),
        routes("d", content="1"),
    )
    client.acks_all(client.asks(ROUTES, "a", "b", "c", "d"))
    changed = [
        routes("a", content="2"),
        routes("b", content="bad"),
        routes("c", content="2"),
        routes("d", content="2"),
    ]
    (together,) = client.given(*changed)
    assert said(together) == "RDS a=2 b=bad c=2 d=2"
    # The first by itself, the second by itself: that was it, so the rest goes together.
    (first,) = client.nacks(together)
    assert said(first) == "RDS a=2"
    assert client.refused() == []
    (second,) = client.acks(first)
    assert said(second) == "RDS b=bad"
    (rest,) = client.nacks(second)
    assert said(rest) == "RDS c=2 d=2"
    assert client.acks(rest) == []
    assert client.refused() == ["b"]
    assert client.status.settled_version == Snapshot(changed).version


def test_when_all_of_several_are_bad_it_comes_to_an_end() -> None:
    client = Client()
    client.given(*(routes(name, content="bad") for name in "abcdef"))
    queue, count = client.asks(ROUTES, *"abcdef"), 0
    while queue:
        queue += client.nacks(queue.pop(0))
        count += 1
    assert client.refused() == [*"abcdef"]
    assert count == 11


def test_plugins_go_out_one_by_one() -> None:
    client = Client()
    client.given(plugin("a"), plugin("b", "bad"), plugin("c"))
    (first,) = client.asks(EXTENSION, "a", "b", "c")
    (second,) = client.acks(first)
    (third,) = client.nacks(second)
    assert says([first, second, third]) == ["ECDS a=1", "ECDS b=bad", "ECDS c=1"]
    assert client.acks(third) == []
    assert client.refused() == ["b"]


def test_in_a_full_state_response_the_named_one_is_to_blame() -> None:
    client = Client()
    client.given(listener("a"), listener("b"))
    client.acks_all(client.asks(LISTENER))
    (response,) = client.given(listener("a", "2"), listener("b", "bad"), listener("c"))
    again = client.nacks(response, "Error adding/updating listener(s) b: cannot bind\n")
    # What it may have accepted comes again; of what it refused, the last good version.
    assert client.acks_all(again) == ["LDS a=2 b=1 c=1"]
    assert client.refused() == ["b"]
    assert says(client.given(listener("a", "3"), listener("b", "bad"))) == ["LDS a=3 b=1 c=1"]


def test_in_a_full_state_response_all_that_changed_are_to_blame_when_none_is_named() -> None:
    client = Client()
    client.given(listener("a"), listener("b"))
    client.acks_all(client.asks(LISTENER))
    (response,) = client.given(listener("a"), listener("b", "2"), listener("c"))
    assert client.nacks(response, "no reason") == []
    assert client.refused() == ["b", "c"]


def test_a_resource_that_was_never_good_is_left_out() -> None:
    client = Client()
    client.given(listener("a", "bad"))
    (response,) = client.asks(LISTENER)
    assert client.nacks(response, "Error adding/updating listener(s) a: no") == []
    assert says(client.given(listener("a", "bad"), listener("b"))) == ["LDS b=1"]


def test_a_very_long_reason_is_cut() -> None:
    client = Client()
    client.given(plugin("a"))
    (response,) = client.asks(EXTENSION, "a")
    client.nacks(response, "x" * 1_000_000)
    (rejection,) = client.status.rejections
    assert len(rejection.reason) == 4096


# Connecting again


def test_a_reconnect_with_the_same_version_is_not_answered() -> None:
    first = Client()
    first.given(listener("a"), plugin("p"), plugin("q"))
    first.acks_all(first.asks(LISTENER))
    first.acks_all(first.asks(EXTENSION, "p"))

    second = Client()  # the server was restarted: it knows nothing of the node
    second.given(listener("a"), plugin("p"), plugin("q", "2"))
    assert second.asks(LISTENER, version=first.version[LISTENER]) == []
    assert second.asks(EXTENSION, "p", version=first.version[EXTENSION]) == []
    assert second.status.of_type(LISTENER).acked_version == first.version[LISTENER]
    # It is known what the client has: a change is a change.
    assert says(second.given(listener("a"), plugin("p", "2"))) == ["ECDS p=2"]


def test_a_reconnect_before_the_snapshot_is_there_is_not_answered_either() -> None:
    first = Client()
    first.given(listener("a"))
    first.acks_all(first.asks(LISTENER))
    second = Client()
    second.asks(LISTENER, version=first.version[LISTENER])
    assert second.given(listener("a")) == []


def test_a_reconnect_with_an_old_version_is_answered() -> None:
    client = Client()
    client.given(listener("a"))
    assert says(client.asks(LISTENER, version="old")) == ["LDS a=1"]


def test_a_reconnect_to_an_emptied_snapshot_is_told_so() -> None:
    client = Client()
    client.given()
    assert says(client.asks(LISTENER, version="old")) == ["LDS"]


def test_more_names_after_a_quiet_reconnect_are_answered() -> None:
    first = Client()
    first.given(plugin("a"), plugin("b"))
    first.acks_all(first.asks(EXTENSION, "a"))
    second = Client()
    second.given(plugin("a"), plugin("b"))
    second.asks(EXTENSION, "a", version=first.version[EXTENSION])
    assert says(second.asks(EXTENSION, "a", "b")) == ["ECDS b=1"]


def test_what_a_node_refused_is_not_sent_to_it_when_it_reconnects() -> None:
    first = Client()
    first.given(plugin("a"))
    first.acks_all(first.asks(EXTENSION, "a"))
    (bad,) = first.given(plugin("a", "bad"))
    first.nacks(bad)

    second = Client(first.status)
    second.given(plugin("a", "bad"))
    assert second.asks(EXTENSION, "a", version=first.version[EXTENSION]) == []
    assert second.refused() == ["a"]


def test_a_new_process_of_a_node_gets_the_last_good_version() -> None:
    first = Client()
    first.given(plugin("a"))
    first.acks_all(first.asks(EXTENSION, "a"))
    (bad,) = first.given(plugin("a", "bad"))
    first.nacks(bad)

    second = Client(first.status)
    second.given(plugin("a", "bad"))
    assert says(second.asks(EXTENSION, "a")) == ["ECDS a=1"]


def test_a_new_process_that_refuses_even_that_is_left_alone() -> None:
    first = Client()
    first.given(plugin("a"))
    first.acks_all(first.asks(EXTENSION, "a"))
    (bad,) = first.given(plugin("a", "bad"))
    first.nacks(bad)

    second = Client(first.status)
    second.given(plugin("a", "bad"))
    (good,) = second.asks(EXTENSION, "a")
    assert second.nacks(good, "nor that") == []


def test_a_new_process_without_a_last_good_version_gets_one_try() -> None:
    first = Client()
    first.given(plugin("a", "bad"))
    (bad,) = first.asks(EXTENSION, "a")
    assert first.nacks(bad) == []

    second = Client(first.status)
    second.given(plugin("a", "bad"))
    (again,) = second.asks(EXTENSION, "a")
    assert said(again) == "ECDS a=bad"
    assert second.nacks(again) == []


# Order


MESH = [
    cluster("a"),
    endpoints("a"),
    plugin("p"),
    listener("l", routes="r", plugin="p"),
    routes("r", "a"),
]


def connected(*resources: Resource) -> Client:
    """A client that behaves as Envoy and has everything of `resources`."""
    client = Client()
    client.given(*resources)
    client.acks_all(client.asks(CLUSTER))
    services = [one.name for one in resources if one.type_url == ENDPOINTS]
    client.acks_all(client.asks(ENDPOINTS, *services))
    client.acks_all(client.asks(LISTENER))
    client.acks_all(client.asks(EXTENSION, "p"))
    client.acks_all(client.asks(ROUTES, "r"))
    assert client.status.settled_version == Snapshot(resources).version
    return client


def test_a_change_of_everything_goes_out_make_before_break() -> None:
    client = connected(*MESH)
    responses = client.given(
        cluster("a"),
        endpoints("a", "2"),
        plugin("p", "2"),
        listener("l", "2", routes="r", plugin="p"),
        routes("r", "a", content="2"),
    )
    assert client.acks_all(responses) == ["EDS a=2", "ECDS p=2", "LDS l=2", "RDS r=a2"]


def test_each_step_waits_for_the_answer_to_the_one_before() -> None:
    client = connected(*MESH)
    (eds,) = client.given(
        cluster("a"),
        endpoints("a", "2"),
        plugin("p"),
        listener("l", routes="r", plugin="p"),
        routes("r", "a", content="2"),
    )
    assert said(eds) == "EDS a=2"
    assert client.stream.next_responses() == []
    assert says(client.acks(eds)) == ["RDS r=a2"]


def test_routes_wait_for_the_endpoints_of_a_new_cluster() -> None:
    client = connected(*MESH)
    new = [cluster("b"), endpoints("b"), *MESH[:-1], routes("r", "b")]
    (cds,) = client.given(*new)
    assert said(cds) == "CDS a=1 b=1"
    assert client.acks(cds) == []
    assert client.stream.wake_at == client.now + 1.0
    (eds,) = client.asks(ENDPOINTS, "a", "b")
    assert said(eds) == "EDS b=1"
    assert says(client.acks(eds)) == ["RDS r=b"]


def test_who_never_asks_for_endpoints_gets_its_routes_after_a_second() -> None:
    client = connected(*MESH)
    (cds,) = client.given(cluster("b"), endpoints("b"), *MESH[:-1], routes("r", "b"))
    client.acks(cds)
    client.now += 1.0
    assert says(client.stream.next_responses()) == ["RDS r=b"]
    assert client.stream.wake_at is None


def test_a_request_is_answered_although_something_else_is_under_way() -> None:
    client = Client()
    client.given(*MESH)
    assert says(client.asks(CLUSTER)) == ["CDS a=1"]
    assert says(client.asks(LISTENER)) == ["LDS l=1"]


def test_a_client_that_connects_anew_gets_changes_in_order() -> None:
    client = Client()
    client.given(*MESH)
    (cds,) = client.asks(CLUSTER, version="old")
    (eds,) = client.asks(ENDPOINTS, "a", version="old")
    assert client.asks(ROUTES, "r", version="old") == []
    assert client.acks(eds) == []
    assert says(client.acks(cds)) == ["RDS r=a"]


def test_what_a_change_of_clusters_leaves_alone_is_not_sent_to_who_connects_anew() -> None:
    first = connected(*MESH)
    client = Client()
    client.given(cluster("a", "2"), *MESH[1:])
    (cds,) = client.asks(CLUSTER, version=first.version[CLUSTER])
    (eds,) = client.asks(ENDPOINTS, "a", version=first.version[ENDPOINTS])
    for type_url, names in ((LISTENER, ()), (EXTENSION, ("p",)), (ROUTES, ("r",))):
        assert client.asks(type_url, *names, version=first.version[type_url]) == []
    assert client.acks(eds) == client.acks(cds) == []
    assert client.status.settled_version == Snapshot([cluster("a", "2"), *MESH[1:]]).version


def test_removals_come_last_and_one_type_after_the_other() -> None:
    both = [*MESH, cluster("b"), endpoints("b"), listener("m", routes="r")]
    client = connected(*both)
    fewer = [*MESH[:-1], routes("r", "a", content="2")]
    assert client.acks_all(client.given(*fewer)) == ["RDS r=a2", "LDS l=1", "CDS a=1"]
    assert client.status.settled_version == Snapshot(fewer).version


def test_a_cluster_stays_while_routes_at_the_client_lead_to_it() -> None:
    client = connected(*MESH)
    other = [cluster("b"), endpoints("b"), *MESH[2:-1], routes("r", "b", content="bad")]
    (cds,) = client.given(*other)
    assert said(cds) == "CDS a=1 b=1"
    client.acks(cds)
    (eds,) = client.asks(ENDPOINTS, "a", "b")
    (rds,) = client.acks(eds)
    assert said(rds) == "RDS r=bbad"
    assert client.nacks(rds) == []  # the old routes stay, and so does the cluster
    responses = client.given(cluster("b"), endpoints("b"), *MESH[2:-1], routes("r", "b"))
    assert client.acks_all(responses) == ["RDS r=b", "CDS b=1"]


def test_a_cluster_goes_when_the_client_gives_up_the_last_routes_to_it() -> None:
    client = connected(*MESH)
    (lds,) = client.given(plugin("p"))
    assert said(lds) == "LDS"
    assert client.acks(lds) == []
    assert says(client.asks(ROUTES)) == ["CDS"]


def test_what_leads_to_a_refused_cluster_is_held_back() -> None:
    client = connected(*MESH)
    (cds,) = client.given(cluster("b", "bad"), endpoints("b"), *MESH[:-1], routes("r", "b"))
    assert client.nacks(cds, "Error adding/updating cluster(s) b: no") == []
    assert client.refused() == ["b"]
    # When it is mended, everything follows.
    (cds,) = client.given(cluster("b"), endpoints("b"), *MESH[:-1], routes("r", "b"))
    client.acks(cds)
    assert client.acks_all(client.asks(ENDPOINTS, "a", "b")) == ["EDS b=1", "RDS r=b"]


def test_a_cluster_that_changed_gets_its_endpoints_again() -> None:
    # Envoy accepts the cluster when it is warm, and asks for endpoints with the old nonce.
    client = connected(*MESH)
    changed = [cluster("a", "2"), *MESH[1:]]
    cds, eds = client.given(*changed)
    assert says([cds, eds]) == ["CDS a=2", "EDS a=1"]
    assert client.asks(ENDPOINTS, "a") == []
    assert client.acks(eds) == []
    assert client.acks(cds) == []
    assert client.status.settled_version == Snapshot(changed).version


def test_so_it_does_when_the_client_connected_anew() -> None:
    first = connected(*MESH)
    client = Client()
    client.given(cluster("a", "2"), *MESH[1:])
    assert says(client.asks(CLUSTER, version=first.version[CLUSTER])) == ["CDS a=2"]
    (eds,) = client.asks(ENDPOINTS, "a", version=first.version[ENDPOINTS])
    assert said(eds) == "EDS a=1"


def test_so_it_does_when_they_are_just_on_their_way() -> None:
    client = Client()
    client.given(*MESH)
    client.acks_all(client.asks(CLUSTER))
    (first,) = client.asks(ENDPOINTS, "a")
    assert says(client.given(cluster("a", "2"), *MESH[1:])) == ["CDS a=2"]
    assert says(client.acks(first)) == ["EDS a=1"]


def test_endpoints_stay_while_the_client_may_ask_for_them() -> None:
    client = Client()
    client.given(*MESH)
    (cds,) = client.asks(CLUSTER)
    client.given(cluster("b"), endpoints("b"))
    assert says(client.asks(ENDPOINTS, "a")) == ["EDS a=1"]
    assert says(client.acks(cds)) == ["CDS a=1 b=1"]


def test_asking_again_without_a_reason_is_not_answered() -> None:
    client = connected(*MESH)
    assert client.asks(ENDPOINTS, "a") == []


def test_a_node_settles_by_nacks_as_well() -> None:
    client = connected(*MESH)
    changed = [*MESH[:2], plugin("p", "bad"), *MESH[3:]]
    (bad,) = client.given(*changed)
    assert client.status.settled_version == Snapshot(MESH).version
    client.nacks(bad)
    assert client.status.settled_version == Snapshot(changed).version


def test_a_request_without_a_node_is_fine_after_the_first() -> None:
    client = connected(*MESH)
    client.stream.receive(Request(type_url=UNKNOWN))
    assert client.stream.next_responses() == []


# Times to live


def lent(name: str) -> Resource:
    return Resource.of(EXTENSION, name, b"1", ttl=10.0)


@pytest.mark.parametrize(
    ("node", "beats"),
    [
        (Node("n"), False),
        (Node("n", agent="gRPC Go 1.66"), False),
        (Node("n", agent="envoy 1.40.0"), True),
        (Node("n", features=frozenset({"xds.config.supports-resource-in-sotw"})), False),
        (
            Node(
                "n",
                features=frozenset(
                    {"xds.config.supports-resource-in-sotw", "xds.config.supports-resource-ttl"}
                ),
            ),
            True,
        ),
    ],
)
def test_who_heeds_no_time_to_live_gets_none(node: Node, beats: bool) -> None:
    client = Client(Nodes().connect(node))
    client.given(lent("a"))
    (response,) = client.asks(EXTENSION, "a")
    message = protos.DiscoveryResponse.FromString(protos.encode_response(response, node))
    wrapped = message.resources[0].type_url.endswith("service.discovery.v3.Resource")
    assert wrapped == beats
    client.acks(response)
    assert (client.stream.wake_at is not None) == beats
    client.now += 5
    assert says(client.stream.next_responses()) == (["ECDS a=1"] if beats else [])


def test_a_renewal_that_is_not_answered_is_the_last() -> None:
    client = Client(Nodes().connect(Node("n", agent="envoy 1.40.0")))
    client.given(lent("a"))
    client.acks_all(client.asks(EXTENSION, "a"))
    client.now += 5
    assert len(client.stream.next_responses()) == 1
    client.now += 50
    assert client.stream.next_responses() == []
