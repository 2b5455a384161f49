"""The Envoys of a test run: one, and further ones only for several proxies, or several workers."""

from mixer2.envoyhost.engine import Engine


class EnginePool:
    """Starts an Envoy when it is first needed, and ends all with `close`."""

    def __init__(self) -> None:
        self._free: dict[tuple[int, int], list[Engine]] = {}
        self._all: list[Engine] = []

    def take(self, buffer_limit: int, workers: int) -> Engine:
        """An Envoy that no other host of this test uses."""
        free = self._free.setdefault((buffer_limit, workers), [])
        if free:
            return free.pop()
        engine = Engine(buffer_limit, workers)
        self._all.append(engine)
        return engine

    def give_back(self, engine: Engine, buffer_limit: int, workers: int) -> None:
        """Let the next test use it. One that died is ended instead."""
        if engine.is_alive:
            self._free.setdefault((buffer_limit, workers), []).append(engine)
        else:
            self._all.remove(engine)
            engine.close()

    def close(self) -> None:
        """End all of them."""
        for engine in self._all:
            engine.close()
        self._all, self._free = [], {}
