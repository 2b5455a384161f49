"""An access logger that writes a line for each exchange."""

from pal import attributes, log
from pal.access_log import AccessLogger


class Lines(AccessLogger):
    def on_log(self) -> None:
        headers = self.request_headers
        path = headers.get(":path")
        if path == "/raise":
            raise ValueError("in on_log")
        log.info(
            f"{headers.get(':method')} {path} {self.response_headers.get(':status')} "
            f"{self.response_trailers.get('x-trailer')} {attributes.get_int('response.code')}"
        )
