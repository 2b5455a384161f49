"""Logs what `json` makes of the configuration, and how it writes that again."""

import json

from pal import PluginContext, log


class JsonEcho(PluginContext):
    def on_configure(self) -> bool:
        try:
            value: object = json.loads(self.configuration)
            log.info(json.dumps(value))
            log.info(json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True))
        except json.JSONDecodeError as error:
            log.info(f"JSONDecodeError: {error}")
        except (UnicodeDecodeError, RecursionError) as other_error:
            log.info(str(other_error))
        return True
