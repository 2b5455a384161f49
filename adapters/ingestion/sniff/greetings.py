"""Protocols whose server speaks first: a class each, asked about the first bytes of the server."""

# ruff: noqa: D102 - `judge` is described in Protocol

from typing import Final

from adapters.ingestion.sniff.verdict import Protocol, Verdict, starts_with

_MAX_MYSQL_GREETING: Final = 1_024


def known() -> list[Protocol]:
    """All of them, in the order in which they are asked."""
    return [MySql(), Ssh(), Smtp()]


class MySql(Protocol):
    """Handshake of protocol 10, or an error in its place.

    Source: MySQL, "Protocol::HandshakeV10", "ERR_Packet".
    """

    name = "mysql"

    def judge(self, head: bytes) -> Verdict:
        if len(head) < 5:
            return Verdict.NO if head[1:4].strip(b"\0\1\2\3") else Verdict.MORE
        size = head[0] | head[1] << 8 | head[2] << 16
        if head[3] != 0 or not 8 <= size <= _MAX_MYSQL_GREETING:
            return Verdict.NO
        return Verdict.YES if head[4] in (10, 255) else Verdict.NO


class Ssh(Protocol):
    """Identification string (RFC 4253, section 4.2)."""

    name = "ssh"

    def judge(self, head: bytes) -> Verdict:
        return starts_with(head, b"SSH-")


class Smtp(Protocol):
    """Greeting of a mail server (RFC 5321, section 3.1); FTP (RFC 959) has the same code."""

    name = "smtp"

    def judge(self, head: bytes) -> Verdict:
        verdict = starts_with(head, b"220")
        if verdict is not Verdict.YES:
            return verdict
        end = head.find(b"\n")
        if end < 0:
            return Verdict.MORE if len(head) < 512 else Verdict.NO
        return Verdict.YES if b"SMTP" in head[:end].upper() else Verdict.NO
