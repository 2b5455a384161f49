"""The end of a configuration: the plugin stays until what it still has to tell is on its way."""

from typing import Final

from adapters.mixer.export_buffer import Drained
from adapters.mixer.rules import Rules
from pal import PluginContext, hostcalls
from pal.timers import Timer

_FINISHING_PERIOD_MS: Final = 50
_FINISHING_LOOKS: Final = 100
"""Five seconds: longer than a call that times out."""


class Closing(Drained):
    """A plugin that waits for its buffers, and for what backends keep themselves.

    Args:
        plugin: The plugin.
    """

    def __init__(self, plugin: PluginContext) -> None:
        self._plugin = plugin
        self._rules: Rules | None = None
        self._finishing = False

    def begin(self, rules: Rules) -> bool:
        """The plugin is to go.

        Args:
            rules: What it did.

        Returns:
            Whether it may go at once; else the proxy is told later.
        """
        self._rules = rules
        for handler in rules.handlers:
            if handler.buffer is not None:
                handler.buffer.close(self)
        if not self.is_finished():
            self._finishing = True
            _Finishing(self._plugin, self).start(_FINISHING_PERIOD_MS)
        return self._is_drained()

    def drained(self) -> None:
        """A buffer has nothing more to send."""
        if self._rules is not None and self._is_drained():
            hostcalls.done()

    def is_finished(self) -> bool:
        """Whether no backend has anything left that it keeps itself. All are asked."""
        finished = True
        rules = self._rules
        if rules is not None:
            for handler in rules.handlers:
                if not handler.finish():
                    finished = False
        return finished

    def finished(self) -> None:
        """Nobody is waited for any more but the buffers."""
        self._finishing = False
        self.drained()

    def _is_drained(self) -> bool:
        rules = self._rules
        if self._finishing or rules is None:
            return False
        for handler in rules.handlers:
            if handler.buffer is not None and not handler.buffer.is_idle():
                return False
        return True


class _Finishing(Timer):
    """Looks whether backends have sent what they keep themselves, and gives up after a while."""

    def __init__(self, plugin: PluginContext, closing: Closing) -> None:
        super().__init__(plugin)
        self._closing = closing
        self._looks = 0

    def on_fire(self) -> None:
        """Look."""
        self._looks += 1
        if self._looks == _FINISHING_LOOKS or self._closing.is_finished():
            self.cancel()
            self._closing.finished()
