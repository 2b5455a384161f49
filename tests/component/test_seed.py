"""Every VM hashes by a seed of its own, and finds what its snapshot has under the old one."""

import pytest

from mixer2.testhost.plugin import Load

FILTER = "seeding.py"

pytestmark = pytest.mark.cpython(only=True)


def test_the_seed_is_not_the_builds(load: Load, mixer2_target: str) -> None:
    host = load(FILTER)
    if mixer2_target == "native":
        return  # it has the seed of the process

    answer = host.get("/", {"x-do": "hash"}).headers["x-answer"]

    assert answer != "built"
    assert host.log == []


def test_what_the_snapshot_has_is_found(load: Load) -> None:
    host = load(FILTER)

    for _ in range(3):
        assert host.get("/").headers["x-answer"] == ""
