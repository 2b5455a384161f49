"""A conformance case, and what is observed of it."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from tests.conformance.probe import Probe, Rounds

REQUEST_ID = "11111111-2222-4333-8444-555555555555"


@dataclass(frozen=True, slots=True)
class Message:
    """A request or a response on the wire, HTTP/1.1.

    Attributes:
        start: `GET /` of a request, the status code of a response; `refuse` or `close` of an
            upstream that takes no connections, or closes them without an answer.
        headers: Headers, without those that the transport needs.
        chunks: The body, in parts that arrive one after the other; bytes for one with a length.
        trailers: Trailers; they need a body in parts.
    """

    start: str
    headers: list[tuple[str, str]] = field(default_factory=list)
    chunks: list[str] | str | None = None
    trailers: list[tuple[str, str]] | None = None


@dataclass(frozen=True, slots=True)
class Connection:
    """What happens on a TCP connection, step by step.

    Attributes:
        steps: `> text` the client sends, `< text` the upstream sends, `>|` and `<|` they close
            their direction, `>x` the client resets the connection.
        early_data: Whether `max_early_data_bytes` is set in the TCP proxy.
    """

    steps: tuple[str, ...]
    early_data: bool = False


GET = Message("GET /path?q=1")
OK = Message("200")


@dataclass(frozen=True, slots=True)
class Case:
    """One row of docs/abi.md.

    Attributes:
        name: What the row says.
        callbacks: What the plugin does.
        request: What the client sends; None for a plugin without traffic.
        response: What the upstream answers.
        settings: Further fields of the plugin's configuration, as `load` takes them.
        differs: Why the test host does not do as Envoy does here; empty when it does.
        is_deadly: Whether Envoy may die of it.
        wait: Seconds until what is still open is closed.
        repeat: How often the request is sent, each on a connection of its own.
    """

    name: str
    callbacks: Mapping[str, Rounds]
    request: Message | Connection | None = GET
    response: Message = OK
    settings: dict[str, Any] = field(default_factory=dict)
    differs: str = ""
    is_deadly: bool = False
    wait: float = 0.5
    repeat: int = 1

    @property
    def slug(self) -> str:
        """Its name as a path; callouts of the case go there."""
        return re.sub(r"[^a-z0-9]+", "-", self.name.lower())

    @property
    def probe(self) -> Probe:
        """The plugin."""
        return Probe(self.callbacks)


@dataclass(frozen=True, slots=True)
class Observation:
    """What came of a case in one host.

    Attributes:
        records: What the plugin saw: callbacks, host calls and their answers.
        upstream: What the upstream received, line by line.
        client: What the client got, line by line; empty for no response.
    """

    records: list[str]
    upstream: list[str]
    client: list[str]

    def to_json(self) -> dict[str, list[str]]:
        """As kept in the file of expectations."""
        return asdict(self)
