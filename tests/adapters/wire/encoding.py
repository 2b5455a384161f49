"""Logs what the formats make of its configuration: in the order of the functions below."""

from adapters.wire import ext_authz, otlp, rate_limit_service, trace_context, zipkin
from adapters.wire.protobuf import MessageReader, MessageWriter, ProtobufError
from adapters.wire.span import Span
from adapters.wire.timestamp import rfc3339
from pal import PluginContext, log
from pal.config import Config


def spans(config: Config) -> list[str]:
    """A span in both formats."""
    lines: list[str] = []
    for one in config.get_sections("spans"):
        names = one.get_str_list("names", [])
        texts = one.get_str_list("texts", [])
        numbers = [int(text) for text in one.get_str_list("numbers", [])]
        span = Span(
            one.get_str("trace_id", ""),
            one.get_str("span_id", ""),
            one.get_str("parent_id", ""),
            one.get_str("name", ""),
            one.get_str("kind", ""),
            int(one.get_str("started_ns", "")),
            int(one.get_str("duration_ns", "")),
            [(names[at], texts[at]) for at in range(len(names))],
            [("n", number) for number in numbers],
            one.get_bool("failed", False),
            one.get_str("trace_state", ""),
        )
        lines.append(otlp.document([otlp.encode(span)], span.name).hex())
        lines.append(zipkin.document([zipkin.encode(span, span.name)]).hex())
        lines.append(rfc3339(span.started_ns))
    return lines


def contexts(config: Config) -> list[str]:
    """What is read of headers, and written of it."""
    lines: list[str] = []
    for one in config.get_sections("contexts"):
        names = one.get_str_list("names", [])
        values = one.get_str_list("values", [])
        headers = {names[at]: values[at] for at in range(len(names))}
        context = trace_context.read(headers.get)
        lines.append(f"{trace_context.read_decision(headers.get)}")
        if context is None:
            lines.append("none")
        else:
            lines.append(f"{context.trace_id} {context.span_id} {context.sampled} {context.state}")
            lines.append(trace_context.traceparent(context))
            lines.append(trace_context.b3(context, context.span_id))
            lines.append(str(trace_context.b3_headers(context)))
    return lines


def messages(config: Config) -> list[str]:
    """What is read of bytes."""
    lines: list[str] = []
    for text in config.get_str_list("messages", []):
        data = bytes.fromhex(text)
        try:
            lines.append(fields(data))
        except ProtobufError as error:
            lines.append(f"fields: {error}")
        try:
            answer = rate_limit_service.decode_response(data)
            lines.append(f"{answer.code} {answer.granted()}")
            lines += [
                f"{one.code} {one.requests_per_unit} {one.remaining} {one.reset_ms}"
                for one in answer.statuses
            ]
        except ProtobufError as error:
            lines.append(f"limit: {error}")
        try:
            verdict = ext_authz.decode_response(data)
            lines.append(f"{verdict.allowed} {verdict.status_code} {verdict.headers}")
        except ProtobufError as error:
            lines.append(f"authz: {error}")
    return lines


def fields(data: bytes) -> str:
    """All fields, written again."""
    reader = MessageReader(data)
    writer = MessageWriter()
    found: list[str] = []
    while reader.next_field():
        try:
            number = reader.varint()
            found.append(f"{reader.number}={number}")
            writer.varint(reader.number, max(number, 0))
        except ProtobufError:
            found.append(f"{reader.number}")
    return " ".join(found) + " " + writer.finish().hex()


def all_lines(configuration: bytes) -> list[str]:
    """Everything."""
    config = Config.parse(configuration)
    return spans(config) + contexts(config) + messages(config)


class Encoding(PluginContext):
    def on_configure(self) -> bool:
        for line in all_lines(self.configuration):
            log.info(line)
        return True
