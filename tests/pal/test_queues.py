"""Shared queues, natively and as Wasm."""

import pytest

from mixer2.testhost.plugin import Load
from pal.dispatch import ERRORS_METRIC

FILTER = "tests/pal/queueing.py"


@pytest.mark.simulated("the reader may be on the main thread")
def test_a_message_reaches_its_reader(load: Load) -> None:
    host = load(FILTER, {"reads": "jobs"})
    assert host.get("/jobs/one").status == 200
    assert host.get("/jobs/").status == 200
    assert host.log_lines == ["got one", "got "]


def test_a_queue_that_nobody_registered(load: Load) -> None:
    host = load(FILTER)
    assert host.get("/jobs/one").status == 404


@pytest.mark.simulated("the reader may be on the main thread")
def test_one_worker_takes_a_message(load: Load) -> None:
    host = load(FILTER, {"reads": "jobs"}, workers=3)
    for worker in range(3):
        host.request("GET", "/jobs/one", worker=worker)
    assert host.log_lines == ["got one"] * 3


@pytest.mark.simulated("the reader may be on the main thread")
def test_another_vm_sends_by_vm_id(load: Load) -> None:
    reader = load(FILTER, {"reads": "jobs"}, vm_id="reader")
    sender = load(FILTER, vm_id="sender", beside=reader)
    assert sender.get("/jobs/one").status == 404
    assert sender.get("/jobs/one/reader").status == 200
    sender.advance(0)
    assert reader.log_lines == ["got one"]


@pytest.mark.simulated("the reader may be on the main thread")
def test_a_message_that_raises_does_not_keep_the_next(load: Load) -> None:
    host = load(FILTER, {"reads": "jobs"})
    host.get("/jobs/raise")
    host.get("/jobs/two")
    assert host.stats[f"{ERRORS_METRIC}{{plugin=queueing}}"] == 1
    assert host.log_lines[-1] == "got two"


@pytest.mark.simulated("the reader may be on the main thread")
def test_a_reader_may_take_when_it_likes(load: Load) -> None:
    host = load(FILTER, {"reads": "jobs", "lazy": True})
    host.get("/jobs/one")
    host.get("/jobs/two")
    assert host.log_lines == ["ready", "ready"]


@pytest.mark.simulated("the reader may be on the main thread")
def test_messages_wait_for_the_next_reader(load: Load) -> None:
    """A new reader takes a queue over with all that is in it."""
    lazy = load(FILTER, {"reads": "jobs", "lazy": True}, vm_id="v")
    lazy.get("/jobs/one")
    eager = load(FILTER, {"reads": "jobs"}, vm_id="v", beside=lazy)
    eager.get("/jobs/two")
    assert lazy.log_lines == ["ready", "got one", "got two"]
