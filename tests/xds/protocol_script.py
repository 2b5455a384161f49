"""Conversations with the server over gRPC, written as text: the language of tests/xds/protocol.

== title of a case            (sotw, delta, or both; a service instead of ADS)
source: a section of "xDS REST and gRPC protocol"
given CDS a=1 RDS r=1(CDS:a)  the server has these resources; (what they refer to); @seconds to live
> EDS a b                     sotw: a request with these names
> EDS ack [names]             accept the last response of the type; other names than before
> EDS nack reason             reject it
> EDS +a -b                   delta: subscribe and unsubscribe
> EDS ack +a                  delta: accept, and subscribe
> EDS held a=1 +a             delta: with initial_resource_versions; a=old is an unknown version
> EDS resume a                sotw: with the version that was accepted last, on a stream before
> EDS stale ...               as the rest, but with the nonce before the last, or a made-up one
> EDS other-version ack       sotw: with a version that is not the response's
< EDS a=1 -b ~c               the next response: resources, removed names, heartbeats
silence                       nothing comes
reconnect                     a new stream of the same node
restart                       a new server process with the same resources, and a new stream
ends CODE text                the stream ends so
refused EDS a b               what the server remembers as refused by the node
wait seconds                  time goes by
"""

import asyncio
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import grpc
import grpc.aio

from mixer2.xds import protos
from mixer2.xds.resource import CLUSTER, ENDPOINTS, EXTENSION, LISTENER, ROUTES, Reference, Resource
from mixer2.xds.server import XdsServer
from mixer2.xds.snapshot import Snapshot
from mixer2.xds.variants import variants

TYPES = {"CDS": CLUSTER, "EDS": ENDPOINTS, "ECDS": EXTENSION, "LDS": LISTENER, "RDS": ROUTES}
SHORT = {type_url: short for short, type_url in TYPES.items()}
FENCE = "type.googleapis.com/test.Fence"
NODE = "n"

_RESOURCE = re.compile(r"(?P<name>[\w.-]+)=(?P<content>\w+)(\((?P<to>[^)]*)\))?(@(?P<ttl>[\d.]+))?")
_METHODS = {one.name: f"/{one.service}/{one.method}" for one in variants()}


@dataclass(frozen=True)
class Case:
    """A conversation.

    Args:
        title: What it shows.
        variant: As `Variant.name`: "ADS", "delta CDS".
        lines: What is said.
        place: Where it is written.
    """

    title: str
    variant: str
    lines: tuple[str, ...]
    place: str

    @property
    def node(self) -> dict[str, Any]:
        """More of the node than its id."""
        return {"user_agent_name": "envoy"} if "time_to_live" in self.place else {}

    @property
    def delta(self) -> bool:
        return self.variant.startswith("delta")


def read_cases(path: Path) -> Iterator[Case]:
    """The cases of a file; a case for both variants comes twice."""
    title, variants_of, start = "", "", 0
    lines: list[str] = []
    for number, line in enumerate([*path.read_text().splitlines(), "== end"], 1):
        if line.startswith("== "):
            for variant in _variants(variants_of):
                yield Case(title, variant, tuple(lines), f"{path.name}:{start}")
            title, _, variants_of = line[3:].rstrip(")").partition(" (")
            lines, start = [], number
        elif line.strip() and not line.startswith(("#", "source:")):
            lines.append(line.strip())


def _variants(text: str) -> list[str]:
    known = {"sotw": ["ADS"], "delta": ["delta ADS"], "both": ["ADS", "delta ADS"]}
    return known.get(text, [text] if text else [])


def resources(words: str) -> Iterator[Resource]:
    """What a `given` line says."""
    type_url = ""
    for word in words.split():
        if word in TYPES:
            type_url = TYPES[word]
            continue
        found = _RESOURCE.fullmatch(word)
        assert found is not None, f"no resource: {word}"
        references = [
            Reference(TYPES[short], name)
            for short, _, name in (
                one.partition(":") for one in (found["to"] or "").split(",") if one
            )
        ]
        ttl = float(found["ttl"]) if found["ttl"] else None
        yield Resource.of(
            type_url, found["name"], _value(found["name"], found["content"]), references, ttl
        )


@dataclass
class _Known:
    """What a client knows of a type."""

    version: str = ""
    last: Any = None
    nonces: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)


class Conversation:
    """One client and one server, doing what a case says."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self._fences = 0
        self._server = XdsServer()
        self._snapshot: Snapshot | None = None
        self._known: dict[str, _Known] = {}
        self._first = True
        self._channel: Any = None
        self._call: Any = None
        self._reading: asyncio.Future[Any] | None = None

    async def run(self) -> None:
        """Play the case from its first line to its last."""
        try:
            await self._server.start()
            self._connect()
            for line in self._case.lines:
                verb, _, rest = line.partition(" ")
                async with asyncio.timeout(10):
                    await self._step(verb, rest)
        except Exception as error:
            error.add_note(f"in {self._case.place}: {line}")
            raise
        finally:
            await self._channel.close()
            await self._server.stop()

    async def _step(self, verb: str, rest: str) -> None:
        match verb:
            case "given":
                self._given(rest)
            case ">":
                await self._send(*rest.split(" ", 1))
            case "<":
                self._expect(await self._read(), rest)
            case "silence":
                await self._silence()
            case "reconnect":
                await self._reconnect()
            case "restart":
                await self._restart()
            case "refused":
                node = self._server.nodes.get(NODE)
                assert node is not None
                found = [
                    f"{SHORT[url]} {one.name}"
                    for url, status in node.types.items()
                    for one in status.rejections
                ]
                self._expect(" ".join(found), rest)
            case "ends":
                code, _, text = rest.partition(" ")
                assert (await self._call.code()).name == code
                assert text in await self._call.details()
            case "wait":
                await asyncio.sleep(float(rest))
            case _:
                raise AssertionError(f"unknown: {verb} {rest}")

    @staticmethod
    def _expect(came: str, expected: str) -> None:
        if came != expected:
            raise AssertionError(f"expected {expected!r}, came {came!r}")

    def _given(self, words: str) -> None:
        fences = [Resource.of(FENCE, str(number), _value(str(number))) for number in range(50)]
        self._snapshot = Snapshot([*resources(words), *fences])
        self._server.cache.set(self._snapshot)

    def _connect(self) -> None:
        address = f"127.0.0.1:{self._server.port}"
        options = [("grpc.use_local_subchannel_pool", 1)]
        self._channel = grpc.aio.insecure_channel(address, options=options)
        self._call = self._channel.stream_stream(_METHODS[self._case.variant])()
        self._first = True

    async def _reconnect(self) -> None:
        await self._channel.close()
        for known in self._known.values():
            known.nonces, known.last = [], None
        self._connect()

    async def _restart(self) -> None:
        await self._server.stop()
        self._server = XdsServer()
        await self._server.start()
        if self._snapshot is not None:
            self._server.cache.set(self._snapshot)
        await self._reconnect()

    async def _send(self, short: str, rest: str = "") -> None:
        known = self._known.setdefault(short, _Known())
        type_url = TYPES.get(short, short)
        fields: dict[str, Any] = {"type_url": "" if short == "?" else type_url}
        if self._first:
            fields["node"] = {"id": NODE, **self._case.node}
            self._first = False
        words = rest.split()
        if "nack" in words:
            at = words.index("nack")
            fields["error_detail"] = {"code": 3, "message": " ".join(words[at + 1 :])}
            words = [*words[:at], "nack"]
        if self._case.delta:
            self._delta_fields(known, words, fields)
            message = protos.DeltaDiscoveryRequest(**fields)
        else:
            self._sotw_fields(known, words, fields)
            message = protos.DiscoveryRequest(**fields)
        await self._call.write(message.SerializeToString())

    def _sotw_fields(self, known: _Known, words: list[str], fields: dict[str, Any]) -> None:
        verbs = {"ack", "nack", "resume", "stale", "other-version"}
        names = [word for word in words if word not in verbs]
        if names or not {"ack", "nack"} & set(words):
            known.names = names
        if "ack" in words and "stale" not in words:
            known.version = known.last.version_info
        fields["resource_names"] = known.names
        fields["version_info"] = "other" if "other-version" in words else known.version
        if not known.nonces and "resume" not in words:
            fields["version_info"] = ""
        fields["response_nonce"] = _nonce(known, stale="stale" in words)

    def _delta_fields(self, known: _Known, words: list[str], fields: dict[str, Any]) -> None:
        fields["resource_names_subscribe"] = [word[1:] for word in words if word[0] == "+"]
        fields["resource_names_unsubscribe"] = [word[1:] for word in words if word[0] == "-"]
        if {"ack", "nack", "stale"} & set(words):
            fields["response_nonce"] = _nonce(known, stale="stale" in words)
        if "held" in words:
            held = dict(word.split("=") for word in words if "=" in word)
            fields["initial_resource_versions"] = {
                name: Resource.of("", name, _value(name, content)).version
                for name, content in held.items()
            }

    async def _read(self) -> str:
        reading, self._reading = self._reading, None
        data = await (reading or self._call.read())
        assert isinstance(data, bytes), f"the stream has ended: {await self._call.details()}"
        if self._case.delta:
            response = protos.DeltaDiscoveryResponse.FromString(data)
        else:
            response = protos.DiscoveryResponse.FromString(data)
        short = SHORT.get(response.type_url, response.type_url)
        known = self._known.setdefault(short, _Known())
        known.last = response
        assert response.nonce not in known.nonces, "a nonce names one response"
        known.nonces.append(response.nonce)
        return " ".join(
            [short, *(self._delta_words if self._case.delta else self._sotw_words)(response)]
        )

    def _delta_words(self, response: Any) -> Iterator[str]:
        for one in response.resources:
            assert one.version
            beats = not one.HasField("resource")
            ttl = f"@{one.ttl.ToNanoseconds() / 1e9:g}" if one.HasField("ttl") and not beats else ""
            yield f"~{one.name}" if beats else f"{one.resource.value.decode()}{ttl}"
        for name in response.removed_resources:
            yield f"-{name}"

    def _sotw_words(self, response: Any) -> Iterator[str]:
        for one in response.resources:
            if one.type_url.endswith(".service.discovery.v3.Resource"):
                wrapped = protos.DiscoveryResource.FromString(one.value)
                assert wrapped.version == response.version_info
                yield f"{wrapped.resource.value.decode()}@{wrapped.ttl.ToNanoseconds() / 1e9:g}"
            else:
                yield one.value.decode()

    async def _silence(self) -> None:
        """Ask for something else: its answer is the next response."""
        if self._case.variant not in ("ADS", "delta ADS"):
            self._reading = asyncio.ensure_future(self._call.read())
            done, _ = await asyncio.wait([self._reading], timeout=0.1)
            assert not done
            return
        self._fences += 1
        name = str(self._fences)
        await self._send(FENCE, f"+{name}" if self._case.delta else name)
        self._expect(await self._read(), f"{FENCE} {name}=")
        await self._send(FENCE, "ack")


def _value(name: str, content: str = "") -> bytes:
    """A resource's bytes, in which a test can see which it is; the server never looks."""
    return f"{name}={content}".encode()


def _nonce(known: _Known, *, stale: bool) -> str:
    if stale:
        return known.nonces[-2] if len(known.nonces) > 1 else "made-up"
    return known.nonces[-1] if known.nonces else ""
