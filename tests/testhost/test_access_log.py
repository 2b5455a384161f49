"""Plugins that are access loggers: a root context that logs what happened beside it."""

from typing import Any

from mixer2.testhost import Response
from tests.testhost.scripted import OK, Calls, host


def test_an_access_logger_sees_the_exchange_in_its_root_context() -> None:
    seen: list[tuple[Any, ...]] = []

    def on_log(calls: Calls, context: int) -> None:
        seen.append(
            (
                context,
                calls.get_header_map_value(0, ":path"),
                calls.get_header_map_value(2, "x-answer"),
                calls.get_property("response\0code")[1],
                calls.get_property("plugin_name"),
            )
        )

    loaded = host(on_log=on_log)
    loaded.log_access("GET", "/logged", upstream=Response(204, {"x-answer": "yes"}))

    assert seen == [(1, (OK, "/logged"), (OK, "yes"), (204).to_bytes(8, "little"), (OK, b"plugin"))]
