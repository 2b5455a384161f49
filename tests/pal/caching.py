"""Does with its shared cache what the request's path says."""

from pal import Action, HttpContext, PluginContext
from pal.config import Config
from pal.shared_cache import CacheUpdate, SharedCache


class Caching(HttpContext):
    """/get/KEY, /set/KEY/VALUE/MILLISECONDS, /remove/KEY, /append/KEY/VALUE, /contend/KEY"""

    def __init__(self, plugin: PluginContext, cache: SharedCache) -> None:
        super().__init__(plugin)
        self._cache = cache

    def on_request_headers(self, end_of_stream: bool) -> Action:
        parts = (self.request_headers.get(":path") or "").split("/")
        if parts[1] == "set":
            self._cache.set(parts[2], parts[3].encode(), int(parts[4]))
        elif parts[1] == "remove":
            self._cache.remove(parts[2])
        elif parts[1] == "append":
            self._cache.update(parts[2], lambda stored: appended(stored, parts[3].encode()))
        elif parts[1] == "contend":
            self._cache.update(parts[2], lambda stored: self._contended(parts[2], stored))
        found = self._cache.get(parts[2])
        return self.send_local_response(404 if found is None else 200, found or b"")

    def _contended(self, key: str, stored: bytes | None) -> CacheUpdate:
        """The first attempt is always late."""
        if stored != b"quicker":
            self._cache.set(key, b"quicker", 1000)
        return CacheUpdate((stored or b"") + b"!", 1000)


def appended(stored: bytes | None, added: bytes) -> CacheUpdate | None:
    """Nothing is stored when nothing is added."""
    return CacheUpdate((stored or b"") + added, 1000) if added else None


class CachingPlugin(PluginContext):
    def __init__(self) -> None:
        super().__init__()
        self.cache = SharedCache("cache", 1)

    def on_configure(self) -> bool:
        config = Config.parse(self.configuration)
        self.cache = SharedCache("cache", config.get_int("slots", 1), config.get_int("ways", 2))
        return True

    def create_http_context(self) -> HttpContext:
        return Caching(self, self.cache)
