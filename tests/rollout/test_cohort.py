from hypothesis import given
from hypothesis import strategies as st

from mixer2.mesh.schema.filters import RolloutPolicy
from mixer2.rollout.cohort import place_of
from mixer2.rollout.rollout import Rollout
from mixer2.xds.bundle import Bundle

OLD, NEW = Bundle("f", "a" * 64), Bundle("f", "b" * 64)


def test_places_are_the_same_in_every_process_and_version() -> None:
    """A change of these numbers would move nodes from one group to the other in mid-rollout."""
    assert f"{place_of('telemetry', 'edge-1'):.9f}" == "80.289928815"
    assert f"{place_of('auth', 'edge-1'):.9f}" != f"{place_of('telemetry', 'edge-1'):.9f}"


def test_shares_are_shares() -> None:
    places = [place_of("telemetry", f"edge-{number}") for number in range(10_000)]
    assert all(0 <= place < 100 for place in places)
    for share in (1, 10, 50, 90):
        found = sum(place < share for place in places) / 100
        assert abs(found - share) < 1.5


@given(st.text(max_size=20), st.lists(st.integers(1, 99), min_size=1, max_size=4, unique=True))
def test_a_later_step_has_the_nodes_of_the_earlier_ones(node_id: str, shares: list[int]) -> None:
    policy = RolloutPolicy(steps=[float(one) for one in sorted(shares)])
    rollout = Rollout.start(NEW, OLD, policy, now=0.0)
    before = False
    while rollout.state == "running":
        included = rollout.includes(node_id, in_first=False)
        assert included or not before
        before = included
        rollout.advance(1.0)
    assert before  # the last step is for all
