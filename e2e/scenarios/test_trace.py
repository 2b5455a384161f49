"""A request through two Envoys is one trace, and each span has the right parent."""

import asyncio
import secrets
from typing import Any

import aiohttp
import pytest

from e2e.world import plan as parts
from e2e.world.world import World, eventually, fetch

pytestmark = pytest.mark.asyncio(loop_scope="session")

REQUESTS = 50
MESH = """
version: 1
nodes:
  edge: {{id: edge}}
  inner: {{id: inner}}
listeners:
  edge: {{port: {edge_http}, routes: outside, filters: [edge-spans], nodes: edge}}
  inner: {{port: {inner_http}, routes: inside, filters: [inner-spans], nodes: inner}}
routes:
  outside: [{{to: inner, response_headers: {{set: {{x-edge: trace}}}}}}]
  inside: [{{to: orders, response_headers: {{set: {{x-inner: trace}}}}}}]
services:
  inner: {{endpoints: ["127.0.0.1:{inner_http}"]}}
  orders: {{endpoints: ["127.0.0.1:{upstream}"]}}
  collector: {{endpoints: ["127.0.0.1:{collector}"]}}
filters:
  edge-spans: {{code: {module}, calls: collector, configuration: {edge}}}
  inner-spans: {{code: {module}, calls: collector, configuration: {inner}}}
"""
MIXER = """{{
  handlers: {{
    spans: {{
      tracing: {{cluster: collector, format: zipkin, service: {service}}},
      buffer: {{interval: 100ms}},
    }},
  }},
  rules: [{{report: spans}}],
}}"""


async def test_two_envoys_make_one_trace(world: World) -> None:
    module = world.build("filters/mixer.py")
    configurations = {node: MIXER.format(service=node) for node in (parts.EDGE, parts.INNER)}
    world.plan.write_mesh(MESH.format(module=module.name, **configurations, **world.plan.ports))
    for node in configurations:
        await world.answers_with("edge_http", f"x-{node}", "trace")

    continued = [f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-01" for _ in range(REQUESTS)]
    async with aiohttp.ClientSession(world.url("edge_http")) as session:
        contexts = await asyncio.gather(*(arrived(session, one) for one in continued))
        started = await asyncio.gather(*(arrived(session, None) for _ in range(REQUESTS)))
    assert len({context.split("-")[1] for context in contexts + started}) == 2 * REQUESTS

    spans = await eventually(lambda: collected(world, contexts + started), "all spans have come")
    for sent, context in zip(continued, contexts, strict=True):
        _, trace, client, _ = sent.split("-")
        assert path_to(spans, context) == [(trace, "edge", client), (trace, "inner", "edge")]
    for context in started:
        trace = context.split("-")[1]
        assert path_to(spans, context) == [(trace, "edge", None), (trace, "inner", "edge")]


async def arrived(session: aiohttp.ClientSession, traceparent: str | None) -> str:
    """The trace context with which a request comes to the upstream."""
    headers = {"traceparent": traceparent} if traceparent else {}
    async with session.get("/orders/200", headers=headers) as response:
        found: str = (await response.json())["headers"]["traceparent"]
        return found


Span = dict[str, Any]


async def collected(world: World, contexts: list[str]) -> dict[str, list[Span]] | None:
    """The spans of each trace, once each trace has two."""
    traces = {context.split("-")[1]: list[Span]() for context in contexts}
    for span in await fetch(f"{world.url('collector')}/spans"):
        if span["traceId"] in traces:
            traces[span["traceId"]].append(span)
    return traces if all(len(spans) >= 2 for spans in traces.values()) else None


def path_to(traces: dict[str, list[Span]], context: str) -> list[tuple[str, str, str | None]]:
    """Trace, service and parent of the spans that lead to a context, the first of them first.

    A parent that is a span of the trace is told by its service, another one by its id.
    """
    _, trace, last, _ = context.split("-")
    spans = {span["id"]: span for span in traces[trace]}
    assert len(spans) == len(traces[trace]) == 2
    services = {id_: span["localEndpoint"]["serviceName"] for id_, span in spans.items()}
    found: list[tuple[str, str, str | None]] = []
    here: str | None = last
    while here in spans:
        parent = spans[here].get("parentId")
        found.insert(0, (trace, services[here], services.get(parent, parent)))
        here = parent
    return found
