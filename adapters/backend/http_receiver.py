"""Receivers of batches over HTTP."""

from typing import Final

from adapters.backend.report import Delivery
from pal import PluginContext
from pal.http_callout import CalloutFailure, CalloutResponse, PluginHttpCallout

_RETRYABLE: Final = (408, 425, 429)


class HttpReceiver:
    """A service that takes batches by `POST`.

    Args:
        plugin: Who sends.
        cluster: The proxy's name of the service.
        authority: Host of the requests.
        path: Path of the requests.
        content_type: Of the batches.
        timeout_ms: Milliseconds that an answer may take.
    """

    def __init__(
        self,
        plugin: PluginContext,
        cluster: str,
        authority: str,
        path: str,
        content_type: str,
        timeout_ms: int,
    ) -> None:
        self._plugin = plugin
        self._cluster = cluster
        self._authority = authority
        self._path = path
        self._content_type = content_type
        self._timeout_ms = timeout_ms

    def send(self, batch: bytes, delivery: Delivery) -> None:
        """Send a batch, and tell `delivery` how it ended. The answer's body is not read.

        Raises:
            HostcallError: BAD_ARGUMENT, the proxy has no such cluster.
        """
        _Post(self._plugin, self._cluster, delivery).send(
            self._cluster,
            "POST",
            self._path,
            self._authority,
            [("content-type", self._content_type)],
            batch,
            self._timeout_ms,
        )


class _Post(PluginHttpCallout):
    """A batch on its way."""

    def __init__(self, plugin: PluginContext, cluster: str, delivery: Delivery) -> None:
        super().__init__(plugin)
        self._cluster = cluster
        self._delivery = delivery

    def on_response(self, response: CalloutResponse) -> None:
        status = response.status
        if 200 <= status <= 299:
            self._delivery.delivered()
        elif 400 <= status <= 499 and status not in _RETRYABLE:
            self._delivery.refuse(f"{self._cluster}: HTTP status {status}")
        else:
            self._delivery.fail(f"{self._cluster}: HTTP status {status}")

    def on_failure(self, failure: CalloutFailure) -> None:
        self._delivery.fail(f"{self._cluster}: {failure.name.lower()}")
