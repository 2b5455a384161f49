"""Rollouts on a clock of the test's own, with nodes made up."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import structlog
from structlog.testing import capture_logs

from mixer2.mesh.schema.filters import Limits, RolloutPolicy
from mixer2.rollout.errors import RolloutError
from mixer2.rollout.rollout import Rollout
from mixer2.rollout.rollouts import Rollouts, Seen
from mixer2.rollout.samples import Counts
from mixer2.rollout.store import SqliteRolloutStore, digests_of
from mixer2.xds.builders.extension import FailurePolicy
from mixer2.xds.bundle import Bundle
from mixer2.xds.messages import Node

OLD = Bundle("f", "a" * 64, b"\xffold", FailurePolicy.CLOSED, "inline")
NEW = Bundle("f", "b" * 64, b"new")
NEWER = Bundle("f", "c" * 64, b"newer")
POLICY = RolloutPolicy(steps=[50.0, 100.0], window=60.0, min_requests=10)
NODES = [Node(f"edge-{number}") for number in range(8)]


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    yield
    structlog.reset_defaults()


class Setting:
    """Eight nodes; the first is in the group `first`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.now = 1000.0
        self.store = SqliteRolloutStore(path)
        self.rollouts = self._rollouts()
        self.counts: dict[str, Counts] = {}
        self.refusals: dict[str, str] = {}
        self.silent: set[str] = set()

    def _rollouts(self) -> Rollouts:
        def selects(groups: Sequence[str] | None, node: Node) -> bool:
            return groups is None or ("first" in groups and node.id == "edge-0")

        return Rollouts(self.store, selects, lambda: self.now)

    def restart(self) -> None:
        self.store.close()
        self.store = SqliteRolloutStore(self.path)
        self.rollouts = self._rollouts()

    def close(self) -> None:
        self.store.close()

    def want(self, bundle: Bundle, policy: RolloutPolicy | None = POLICY) -> None:
        self.rollouts.want(bundle, policy, "alice", "because")

    def look(self, nodes: Sequence[Node] = NODES) -> Rollout:
        seen = []
        for node in nodes:
            bundle = self.rollouts.bundle_of("f", node)
            assert bundle is not None
            refusal = self.refusals.get(f"{node.id} {bundle.version}", "")
            holds = "" if refusal or node.id in self.silent else bundle.version
            seen.append(Seen(node, holds, refusal, self.counts.get(node.id)))
        self.rollouts.look({"f": seen}, {"f": ["f", "f@gold"]})
        return self.rollout

    def after(self, seconds: float) -> Rollout:
        self.now += seconds
        return self.look()

    @property
    def rollout(self) -> Rollout:
        rollout = self.rollouts.rollout_of("f")
        assert rollout is not None
        return rollout

    def on(self, bundle: Bundle) -> int:
        """How many nodes shall run a bundle."""
        return sum(self.rollouts.bundle_of("f", node) == bundle for node in NODES)

    def actions(self) -> list[str]:
        return [one.action for one in reversed(self.store.audit())]


@pytest.fixture
def setting(tmp_path: Path) -> Iterator[Setting]:
    setting = Setting(tmp_path / "rollouts.sqlite")
    with closing(setting):
        setting.want(OLD)
        yield setting


def test_the_first_version_goes_to_all_at_once(setting: Setting) -> None:
    assert setting.on(OLD) == 8
    assert setting.rollouts.rollout_of("f") is None


def test_without_a_policy_a_change_goes_to_all_at_once(setting: Setting) -> None:
    setting.want(NEW, None)
    assert setting.on(NEW) == 8
    assert setting.actions() == ["apply", "apply"]


def test_it_goes_out_step_by_step(setting: Setting) -> None:
    setting.want(NEW)
    half = setting.on(NEW)
    assert 0 < half < 8
    assert setting.look().step == 0
    assert setting.after(59).step == 0
    assert setting.after(1).step == 1
    assert setting.on(NEW) == 8
    assert setting.after(59).state == "running"
    assert setting.after(1).state == "done"
    assert setting.rollouts.stable("f") == NEW
    assert setting.actions() == ["apply", "start", "step", "done"]
    setting.want(NEW)
    assert setting.rollout.state == "done"


def test_named_groups_are_a_step_of_their_own(setting: Setting) -> None:
    setting.want(NEW, POLICY.model_copy(update={"first": ["first"]}))
    assert setting.on(NEW) == 1
    assert setting.rollouts.bundle_of("f", NODES[0]) == NEW
    setting.look()
    setting.after(60)
    assert setting.on(NEW) > 1
    assert setting.rollouts.bundle_of("f", NODES[0]) == NEW


def test_a_step_waits_for_answers(setting: Setting) -> None:
    setting.want(NEW)
    setting.silent = {node.id for node in NODES}
    setting.look()
    assert setting.after(600).step == 0
    assert setting.rollout.waiting.startswith("no answer yet from edge-")
    setting.silent = set()
    assert setting.after(1).step == 1


def test_without_nodes_there_is_nothing_to_judge(setting: Setting) -> None:
    setting.want(NEW)
    setting.now += 600
    assert setting.look([]).step == 0
    assert setting.rollout.waiting == "no node is connected"
    # The window begins when somebody is there.
    assert setting.after(59).step == 0
    assert setting.after(1).step == 1


def test_a_share_has_at_least_one_node(setting: Setting) -> None:
    setting.want(NEW, POLICY.model_copy(update={"steps": [0.001, 50.0, 100.0]}))
    assert setting.on(NEW) == 0
    setting.look()
    assert setting.on(NEW) == 1
    (first,) = cohort(setting)
    assert setting.store.audit()[0].why == f"no node is in this share: {first} goes first"
    # It is watched as long as any other share, and by a restarted server too.
    assert setting.after(59).step == 0
    setting.restart()
    assert cohort(setting) == [first]
    assert setting.after(1).step == 1
    assert setting.on(NEW) > 1
    assert first in cohort(setting)


def test_should_the_first_node_go_the_next_one_takes_its_place(setting: Setting) -> None:
    setting.want(NEW, POLICY.model_copy(update={"steps": [0.001, 100.0]}))
    setting.look()
    (first,) = cohort(setting)
    setting.look([node for node in NODES if node.id != first])
    assert len(cohort(setting)) == 2
    assert setting.rollout.step == 0


def cohort(setting: Setting) -> list[str]:
    return [node.id for node in NODES if setting.rollouts.bundle_of("f", node) == NEW]


def test_a_refusal_sends_it_back_at_once(setting: Setting) -> None:
    setting.want(NEW)
    node = cohort(setting)[-1]
    setting.refusals[f"{node} {NEW.version}"] = "Unable to create Wasm plugin f\n"
    rollout = setting.look()
    assert rollout.state == "rolled_back"
    assert rollout.why == f"{node} refused it: Unable to create Wasm plugin f"
    assert setting.on(OLD) == 8
    assert setting.store.audit()[0].who == "mixer2"


def test_what_went_back_is_tried_again_only_when_something_changes(setting: Setting) -> None:
    setting.want(NEW)
    setting.rollouts.abort("f", "bob", "no")
    setting.want(NEW)
    setting.restart()
    setting.want(NEW)
    assert setting.on(OLD) == 8
    setting.want(OLD)
    setting.want(NEW)
    assert setting.on(NEW) > 0
    setting.rollouts.abort("f", "bob", "no")
    setting.rollouts.retry("f", "bob", "yes")
    assert setting.on(NEW) > 0


@pytest.mark.parametrize(
    ("counted", "why"),
    [
        ({"vm_failures": {"f": 1}}, "1 Wasm VMs failed"),
        ({"vm_failures": {"f@gold": 1}}, "1 Wasm VMs failed"),
        ({"vm_failures": {"other": 1}}, ""),
        ({"stats": {"wasmcustom.f_errors_total": 2}}, "the plugin counted 2 errors"),
        ({"stats": {"wasmcustom.f_total": 2}}, ""),
        ({"requests": 100, "errors": 16}, "16.0 % of 100 requests got 5xx, against 10.0 %"),
        ({"requests": 100, "errors": 15}, ""),
        ({"requests": 9, "errors": 9}, ""),
    ],
)
def test_what_nodes_count_is_compared_with_the_limits(
    setting: Setting, counted: dict[str, Any], why: str
) -> None:
    setting.want(NEW)
    setting.counts = {node.id: Counts(1000, 900, {"f": 5}, {}) for node in NODES}
    setting.look()
    chosen = cohort(setting)
    setting.counts = {
        node.id: Counts(1010, 901, {"f": 5}, {}) for node in NODES if node.id not in chosen
    }
    base = Counts(1000, 900, {"f": 5}, {})
    for node_id in chosen[1:]:
        setting.counts[node_id] = base
    failures = dict(base.vm_failures)
    for name, count in counted.get("vm_failures", {}).items():
        failures[name] = failures.get(name, 0) + count
    setting.counts[chosen[0]] = replace(
        base,
        requests=1000 + counted.get("requests", 0),
        errors=900 + counted.get("errors", 0),
        vm_failures=failures,
        stats=counted.get("stats", {}),
    )
    if "stats" in counted or "other" in counted.get("vm_failures", {}):
        # A counter that was not there when the step began counts from nothing.
        assert setting.rollout.at_start[chosen[0]].stats == {}
    rollout = setting.after(1)
    assert rollout.state == ("rolled_back" if why else "running")
    assert rollout.why.startswith(why)


def test_the_last_step_is_compared_with_the_last_control_group(setting: Setting) -> None:
    setting.want(NEW)
    setting.counts = {node.id: Counts() for node in NODES}
    setting.look()
    setting.counts = {node.id: Counts(100, 20) for node in NODES}
    assert setting.after(60).step == 1
    assert setting.rollout.control_ratio == 20
    setting.look()
    setting.counts = {node.id: Counts(200, 44) for node in NODES}
    assert setting.after(1).state == "running"
    setting.counts = {node.id: Counts(200, 46) for node in NODES}
    assert setting.after(1).state == "rolled_back"


def test_a_pause_stops_the_clock_and_the_judge(setting: Setting) -> None:
    setting.want(NEW)
    setting.look()
    setting.rollouts.pause("f", "bob", "lunch")
    node = cohort(setting)[0]
    setting.refusals[f"{node} {NEW.version}"] = "no"
    assert setting.after(600).state == "paused"
    del setting.refusals[f"{node} {NEW.version}"]
    setting.rollouts.resume("f", "bob", "back")
    assert setting.after(59).step == 0
    assert setting.after(1).step == 1


@pytest.mark.parametrize("action", ["pause", "resume", "abort", "retry"])
def test_commands_that_make_no_sense_are_refused(setting: Setting, action: str) -> None:
    with pytest.raises(RolloutError, match="filter 'f' has no rollout"):
        getattr(setting.rollouts, action)("f", "bob", "why")
    setting.want(NEW)
    if action in {"resume", "retry"}:
        with pytest.raises(RolloutError, match="is running, expected"):
            getattr(setting.rollouts, action)("f", "bob", "why")


def test_a_newer_version_takes_the_place_of_one_on_its_way(setting: Setting) -> None:
    setting.want(NEW)
    setting.want(NEWER)
    assert setting.on(NEW) == 0
    assert setting.on(NEWER) > 0
    assert setting.rollout.baseline == OLD
    assert setting.actions() == ["apply", "start", "superseded", "start"]
    # And so does going back in the file.
    setting.want(OLD)
    assert setting.on(OLD) == 8
    assert setting.rollouts.rollout_of("f") is None


def test_a_restarted_server_goes_on_where_it_was(setting: Setting) -> None:
    setting.want(NEW)
    setting.look()
    setting.after(60)
    before = setting.rollout
    setting.restart()
    setting.want(NEW)
    after = setting.rollout
    assert after is not before
    assert (after.candidate, after.baseline, after.policy) == (NEW, OLD, POLICY)
    assert (after.step, after.step_since, after.state) == (1, before.step_since, "running")
    assert setting.rollouts.stable("f") == OLD
    assert digests_of(setting.rollouts.states) == {NEW.digest, OLD.digest}
    assert setting.after(60).state == "done"


def test_filters_that_are_gone_are_forgotten_but_not_what_was_done(setting: Setting) -> None:
    setting.want(NEW)
    setting.rollouts.keep_only([])
    assert setting.rollouts.bundle_of("f", NODES[0]) is None
    setting.restart()
    assert setting.rollouts.states == []
    assert setting.actions() == ["apply", "start"]


def test_limits_allow_what_they_say(setting: Setting) -> None:
    setting.want(NEW, POLICY.model_copy(update={"limits": Limits(nacks=1)}))
    first, second = cohort(setting)[:2]
    setting.refusals[f"{first} {NEW.version}"] = "no"
    assert setting.look().state == "running"
    setting.refusals[f"{second} {NEW.version}"] = "no"
    assert setting.look().state == "rolled_back"


def test_a_file_that_is_no_store_is_said(tmp_path: Path) -> None:
    path = tmp_path / "x.sqlite"
    path.write_bytes(b"this is not a database, and long enough to be looked at" * 20)
    with pytest.raises(RolloutError, match=r"x\.sqlite: file is not a database"):
        SqliteRolloutStore(path)


def test_a_store_that_cannot_be_written_is_said_and_changes_nothing(setting: Setting) -> None:
    setting.store.close()
    blocked = SqliteRolloutStore(setting.path)
    blocked._db.execute("PRAGMA query_only = 1")
    setting.store = blocked
    setting.rollouts = setting._rollouts()
    with capture_logs() as logs:
        setting.want(NEW)
    assert setting.on(NEW) > 0
    assert [one["event"] for one in logs][:2] == ["rollout.not_stored", "rollout.not_stored"]
