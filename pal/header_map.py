"""Header maps: the headers or trailers of a request or response."""

from pal import header_calls, header_name, hostcalls, pairs, status
from pal.errors import HostcallError


class HeaderMap:
    """One header map of an exchange.

    The first read fetches the whole map in one host call and keeps it. Later reads, also those of
    later callbacks, see it as it was then, with the plugin's own changes: request headers that
    were read in `on_request_headers` are still there in `on_response_headers`, where the proxy
    shows them no more. Writes go to the proxy at once.

    Names are case-insensitive; those that come from the proxy are in lower case. Pseudo headers
    (`:method`, `:path`, `:status`) are headers like any other. Values that are not UTF-8 hold
    lone surrogates (`surrogateescape`) and are written back as they were.

    Raises:
        HeadersUnavailableError: by every method, when the proxy does not show the map in this
            callback and no earlier read kept it.
    """

    def __init__(self, map_type: int) -> None:
        self._map_type = map_type
        self._pairs: bytes | None = None
        # What was written after the map was fetched; it overrides the pairs of the same name.
        self._written: dict[str, list[str]] | None = None

    def get(self, name: str) -> str | None:
        """First value of a header; None when there is none."""
        fetched = self._pairs
        if fetched is None:
            fetched = self._fetch()
        if self._written is None:
            # As it is first: most callers give the name in lower case.
            value = pairs.first(fetched, name)
            if value is not None:
                return value
        lower = header_name.lower(name)
        written = self._written
        if written is not None:
            values = written.get(lower)
            if values is not None:
                return values[0] if values else None
        return pairs.first(fetched, lower)

    def get_all(self, name: str) -> list[str]:
        """All values of a header, in their order."""
        fetched = self._pairs
        if fetched is None:
            fetched = self._fetch()
        lower = header_name.lower(name)
        written = self._written
        values = written.get(lower) if written is not None else None
        return pairs.values(fetched, lower) if values is None else values.copy()

    def items(self) -> list[tuple[str, str]]:
        """All names and values: those of the proxy in their order, then what was written since."""
        fetched = self._pairs
        if fetched is None:
            fetched = self._fetch()
        found = pairs.items(fetched)
        written = self._written
        if written is None:
            return found
        found = [(name, value) for name, value in found if name not in written]
        for name, values in written.items():
            for value in values:
                found.append((name, value))
        return found

    def __contains__(self, name: str) -> bool:
        return self.get(name) is not None

    def set(self, name: str, value: str) -> None:
        """Give a header one value in place of all that it had."""
        header_calls.replace(self._map_type, name, value)
        if self._pairs is not None:
            self._keep(header_name.lower(name), [value])

    def add(self, name: str, value: str) -> None:
        """Append a value to a header.

        Envoy joins the values of some of its own headers with a comma; then they are one value
        for the next filter.
        """
        header_calls.add(self._map_type, name, value)
        if self._pairs is not None:
            values = self.get_all(name)
            values.append(value)
            self._keep(header_name.lower(name), values)

    def remove(self, name: str) -> None:
        """Remove all values of a header; one that is not there is no error."""
        header_calls.remove(self._map_type, name)
        if self._pairs is not None:
            self._keep(header_name.lower(name), [])

    def forget(self) -> None:
        """Drop what was fetched and written: the map is that of another exchange now."""
        self._pairs = None
        self._written = None

    def _keep(self, name: str, values: list[str]) -> None:
        written = self._written
        if written is None:
            written = {}
            self._written = written
        written[name] = values

    def _fetch(self) -> bytes:
        fetched = hostcalls.get_header_map_pairs(self._map_type)
        if fetched is None:
            raise HostcallError("get_header_map_pairs", hostcalls.last_status())
        if len(fetched) > 0:
            self._pairs = fetched
            return fetched
        # Envoy shows no headers alike for an empty map and for one that is not there; a single
        # read tells them apart. Nothing is kept: trailers may still come.
        hostcalls.get_header_map_value(self._map_type, ":")
        if hostcalls.last_status() == status.BAD_ARGUMENT:
            raise header_calls.unavailable(self._map_type)
        return fetched
