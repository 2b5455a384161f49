"""`access_log`: a line for every exchange, in the proxy's log or at a receiver.

    handlers:
      lines:
        access_log: {template: "{time} {method} {path} {code} {user}"}
      warehouse:
        access_log: {cluster: logs, path: /ingest, sizes: true}
    rules:
    - report: [lines, warehouse]
      with: {user: "request.headers['x-user']"}

Without a template lines are JSON; the fields are those of `adapters.backend.log_line`. Without a
cluster they go to the proxy's log at level info, else in batches by `POST`, a line each.
"""

from typing import Final

from adapters.backend.http_receiver import HttpReceiver
from adapters.backend.instance import Instance
from adapters.backend.kind import ReportKind, Setup
from adapters.backend.log_line import (
    SIZES,
    JsonLine,
    LineFields,
    LineFormat,
    TemplateError,
    TextLine,
)
from adapters.backend.report import Delivery, Exporter, Passage, Report
from adapters.events import HttpExchange
from pal import log

JSON_LINES: Final = "application/x-ndjson"
TEXT_LINES: Final = "text/plain; charset=utf-8"


class ProxyLog(Report):
    """Writes lines to the proxy's log. `formats` are those of the instances."""

    def __init__(self, formats: list[LineFormat], sizes: bool) -> None:
        super().__init__(wants_sizes=sizes)
        self._formats = formats

    def report(
        self,
        instance: Instance,
        values: list[str],
        exchange: HttpExchange,
        passage: Passage | None,
    ) -> None:
        """Write a line."""
        log.info(self._formats[instance.number].line(values, exchange, passage))


class RemoteLog(Exporter):
    """Sends lines to a receiver. `formats` are those of the instances."""

    def __init__(self, formats: list[LineFormat], sizes: bool, receiver: HttpReceiver) -> None:
        super().__init__(wants_sizes=sizes)
        self._formats = formats
        self._receiver = receiver

    def record(
        self,
        instance: Instance,
        values: list[str],
        exchange: HttpExchange,
        passage: Passage | None,
    ) -> bytes | None:
        """The line, with its end."""
        line = self._formats[instance.number].line(values, exchange, passage)
        return f"{line}\n".encode("utf-8", "replace")

    def export(self, records: list[bytes], delivery: Delivery) -> None:
        """Send lines."""
        self._receiver.send(b"".join(records), delivery)


class AccessLogKind(ReportKind):
    """The kind `access_log`.

    Args:
        fields: The fields that every line has.
    """

    def __init__(self, fields: LineFields) -> None:
        super().__init__("access_log", is_open=True)
        self._fields = fields

    def create(self, setup: Setup) -> Report:
        """Read `template`, `sizes`, and `cluster`, `path` and `authority` of a receiver.

        `sizes` is for JSON; of a template the names that it has say whether bytes are measured.
        """
        settings = setup.settings
        template = settings.get_str("template", "")
        sizes = settings.get_bool("sizes", False)
        formats: list[LineFormat] = []
        for instance in setup.instances:
            if not template:
                formats.append(JsonLine(instance, self._fields))
                continue
            try:
                text = TextLine(template, instance, self._fields)
            except TemplateError as error:
                reason = str(error)
                raise settings.refusal("template", reason) from error
            sizes = sizes or SIZES[0] in text.names or SIZES[1] in text.names
            formats.append(text)
        cluster = settings.get_str("cluster", "")
        if not cluster:
            return ProxyLog(formats, sizes)
        receiver = HttpReceiver(
            setup.plugin,
            cluster,
            settings.get_str("authority", cluster),
            settings.get_str("path", "/"),
            TEXT_LINES if template else JSON_LINES,
            setup.timeout_ms,
        )
        return RemoteLog(formats, sizes, receiver)
