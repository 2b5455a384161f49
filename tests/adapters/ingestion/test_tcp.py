"""TCP ingestion: what happens to a connection in, its facts out."""

from hypothesis import given
from hypothesis import strategies as st

from adapters.events import TcpConnection
from adapters.ingestion import tcp

sizes = st.lists(st.integers(0, 1 << 40), max_size=5)


def test_the_facts_of_a_connection() -> None:
    connection = tcp.Connection(1_000)
    connection.receive_data(3)
    connection.send_data(7)
    connection.tell_protocol("redis", "")
    connection.close(tcp.UPSTREAM)
    connection.close(tcp.DOWNSTREAM)

    assert connection.facts(5_000, "10.0.0.1:5", "10.0.0.2:6379", None, None, None) == (
        TcpConnection("10.0.0.1:5", "10.0.0.2:6379", "", "", "redis", 3, 7, 4_000, "upstream", "")
    )


def test_the_proxys_own_tls_names_the_server_better_than_the_sniffer() -> None:
    connection = tcp.Connection(0)
    connection.tell_protocol("tls", "sniffed.example.com")

    assert connection.facts(0, "", "", "", None, None).server_name == "sniffed.example.com"
    assert connection.facts(0, "", "", "own.example.com", "TLSv1.3", None).server_name == (
        "own.example.com"
    )


def test_a_clock_that_was_set_back_gives_no_negative_duration() -> None:
    assert tcp.Connection(5_000).facts(4_000, "", "", "", "", "").duration_ns == 0


@given(sizes, sizes)
def test_every_byte_counts(received: list[int], sent: list[int]) -> None:
    connection = tcp.Connection(0)
    for size in received:
        connection.receive_data(size)
    for size in sent:
        connection.send_data(size)
    facts = connection.facts(0, None, None, None, None, None)
    assert (facts.received_bytes, facts.sent_bytes) == (sum(received), sum(sent))
