"""The xDS specification, case by case, against the server over gRPC; the cases are text."""

from pathlib import Path

import pytest

from tests.xds.protocol_script import Case, Conversation, read_cases

FOLDER = Path(__file__).with_name("protocol")
CASES = [case for path in sorted(FOLDER.glob("*.txt")) for case in read_cases(path)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.variant}: {case.title}")
async def test_protocol(case: Case) -> None:
    await Conversation(case).run()


def test_there_are_as_many_cases_as_there_were() -> None:
    assert len(CASES) >= 60
    assert len({(case.title, case.variant) for case in CASES}) == len(CASES)
