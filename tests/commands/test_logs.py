import json
from collections.abc import Iterator

import pytest
import structlog

from mixer2.commands.logs import LogFormat, log_as


@pytest.fixture(autouse=True)
def _as_it_was() -> Iterator[None]:
    yield
    structlog.reset_defaults()


def test_a_line_is_a_json_object(capsys: pytest.CaptureFixture[str]) -> None:
    log_as(LogFormat.JSON)
    structlog.get_logger("mixer2.xds").info("xds.connected", node="n")
    structlog.get_logger("mixer2.xds").debug("xds.push", node="n")
    (line,) = capsys.readouterr().err.splitlines()
    found = json.loads(line)
    assert (found["event"], found["node"], found["level"]) == ("xds.connected", "n", "info")
    assert found["timestamp"].endswith("Z")


def test_a_line_for_people_says_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    log_as(LogFormat.CONSOLE)
    structlog.get_logger("mixer2.xds").warning("xds.nack", node="n")
    said = capsys.readouterr().err
    assert "xds.nack" in said
    assert "node=n" in said
