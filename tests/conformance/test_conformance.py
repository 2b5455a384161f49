"""The test host does as Envoy does, case by case; and Envoy does as was written down.

What Envoy did is in `envoy-1.40.0.json`. The fast half of this compares the test host with it; the
other half, marked `envoy`, runs every case in the real Envoy and compares that. After adding cases:
`python -m tests.conformance.record` and `python -m tests.conformance.document`.
"""

import json
from functools import cache
from pathlib import Path

import pytest

from mixer2.testhost import HostError
from tests.conformance.all_cases import ALL_CASES
from tests.conformance.case import Case, Observation
from tests.conformance.document import DOCUMENT, document
from tests.conformance.in_envoy import observe_in_envoy
from tests.conformance.in_test_host import observe_in_test_host

RECORDED = Path(__file__).parent / "envoy-1.40.0.json"

every_case = pytest.mark.parametrize("case", ALL_CASES, ids=lambda case: case.name)


@cache
def recorded() -> dict[str, Observation]:
    return {
        name: Observation(**observed) for name, observed in json.loads(RECORDED.read_text()).items()
    }


def test_every_case_has_a_name_of_its_own_and_is_recorded() -> None:
    names = [case.name for case in ALL_CASES]

    assert len(names) == len(set(names))
    assert list(recorded()) == names


def test_the_documentation_is_made_of_the_cases() -> None:
    assert DOCUMENT.read_text() == document(), "run python -m tests.conformance.document"


@every_case
def test_the_test_host_does_as_envoy(case: Case) -> None:
    try:
        observed = observe_in_test_host(case)
    except HostError:
        assert case.differs, "the test host refuses what Envoy does"
        return

    if case.differs:
        assert observed != recorded()[case.name], f"no longer: {case.differs}"
    else:
        assert observed == recorded()[case.name]


@pytest.fixture(scope="module")
def in_envoy() -> dict[str, Observation]:
    return dict(zip((case.name for case in ALL_CASES), observe_in_envoy(ALL_CASES), strict=True))


@pytest.mark.envoy
@every_case
def test_envoy_does_as_recorded(case: Case, in_envoy: dict[str, Observation]) -> None:
    assert in_envoy[case.name] == recorded()[case.name]
