"""The protocol of a connection, told from its first bytes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.events import Sniffed
from adapters.ingestion.sniff import greetings, protocols
from adapters.ingestion.sniff.sniffer import SERVER_FIRST, UNKNOWN, Sniffer
from tests.adapters.ingestion.sniff.samples import HEADS, client_hello, http2_request

MAX_BYTES = 16_384

heads = st.sampled_from([head for _, head in HEADS])


def sniffer(max_bytes: int = MAX_BYTES) -> Sniffer:
    return Sniffer(protocols.known(wait_for_grpc=True), max_bytes)


def told(pieces: list[bytes], settled: bool = True) -> Sniffed | None:
    one = sniffer()
    for piece in pieces:
        one.receive_data(piece)
    if settled:
        one.settle()
    return one.next_event()


@pytest.mark.parametrize(("protocol", "head"), HEADS)
def test_protocols(protocol: str, head: bytes) -> None:
    event = told([head], settled=False)
    assert event is not None
    assert event.protocol == protocol


@pytest.mark.parametrize(("protocol", "head"), HEADS)
def test_every_cut_tells_the_same(protocol: str, head: bytes) -> None:
    for cut in range(len(head)):
        event = told([head[:cut], head[cut:]], settled=False)
        assert event is not None
        assert event.protocol == protocol
    byte_by_byte = told([head[at : at + 1] for at in range(len(head))], settled=False)
    assert byte_by_byte is not None
    assert byte_by_byte.protocol == protocol


@given(st.lists(st.binary(max_size=40) | heads.map(lambda head: head[:20]), max_size=6))
def test_cuts_of_anything_tell_the_same(pieces: list[bytes]) -> None:
    whole, cut = told([b"".join(pieces)]), told(pieces)
    assert whole is not None
    assert cut is not None
    assert (whole.protocol, whole.server_name) == (cut.protocol, cut.server_name)


@given(heads, st.data())
def test_changed_bytes_are_never_an_error(head: bytes, data: st.DataObject) -> None:
    changed = bytearray(head)
    for _ in range(data.draw(st.integers(1, 4))):
        changed[data.draw(st.integers(0, len(head) - 1))] = data.draw(st.integers(0, 255))
    assert told([bytes(changed)]) is not None


def test_what_a_tls_client_offers() -> None:
    hello = client_hello("Orders.Example.com", ["h2", "http/1.1"])
    event = told([hello])
    assert event == Sniffed("tls", "orders.example.com", ["h2", "http/1.1"], len(hello))


def test_a_hello_in_small_records() -> None:
    hello = client_hello("orders.example.com", ["h2"])
    message = hello[5:]
    records = b"".join(
        b"\x16\x03\x01" + len(message[at : at + 50]).to_bytes(2, "big") + message[at : at + 50]
        for at in range(0, len(message), 50)
    )
    event = told([records], settled=False)
    assert event is not None
    assert (event.server_name, event.application_protocols) == ("orders.example.com", ["h2"])


def test_a_tls_client_that_stops_in_the_middle_is_one_all_the_same() -> None:
    event = told([client_hello("orders.example.com", [])[:60]])
    assert event == Sniffed("tls", "", [], 60)


def test_http2_is_not_waited_for_unless_grpc_is_asked_for() -> None:
    one = Sniffer(protocols.known(), MAX_BYTES)
    one.receive_data(http2_request("application/grpc", huffman=True)[:24])
    assert one.next_event() == Sniffed("http2", "", [], 24)


def test_a_grpc_client_that_waits_for_the_server_is_http2() -> None:
    event = told([http2_request("application/grpc", huffman=True)[:33]])
    assert event is not None
    assert event.protocol == "http2"


def test_silence_is_for_the_server_to_break() -> None:
    assert told([]) == Sniffed(SERVER_FIRST, "", [], 0)


def test_no_more_than_the_cap_is_looked_at() -> None:
    one = sniffer(max_bytes=64)
    one.receive_data(b"GET /" + b"x" * 100)
    assert one.next_event() == Sniffed(UNKNOWN, "", [], 64)


@pytest.mark.parametrize(
    ("protocol", "greeting"),
    [
        ("mysql", b"\x4a\0\0\0\x0a8.0.36\0" + bytes(60)),
        ("mysql", b"\x17\0\0\0\xff\x10\x04Too many connections"),
        ("ssh", b"SSH-2.0-OpenSSH_9.2\r\n"),
        ("smtp", b"220 mail.example.com ESMTP Postfix\r\n"),
        ("unknown", b"220 ftp.example.com ready\r\n"),
        ("unknown", b"+OK POP3 ready\r\n"),
    ],
)
def test_greetings_of_servers(protocol: str, greeting: bytes) -> None:
    for cut in range(len(greeting)):
        one = Sniffer(greetings.known(), 1_024)
        one.receive_data(greeting[:cut])
        one.receive_data(greeting[cut:])
        event = one.next_event()
        assert event is not None
        assert event.protocol == protocol
