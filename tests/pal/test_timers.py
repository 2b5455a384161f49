"""Many timers over one tick, natively and as Wasm."""

from collections.abc import Iterator

import pytest

from mixer2.testhost import Host, LogLevel
from mixer2.testhost.plugin import Load
from pal import dispatch, parts, registry, status, timers
from pal.context import PluginContext
from pal.errors import HostcallError
from pal.timers import Timer
from tests.pal.conftest import host as fake_host
from tests.pal.fake_host import FakeHost

__all__ = ["fake_host"]

FILTER = "tests/pal/ticking.py"


def fired(host: Host) -> list[str]:
    """Names of the timers that fired since the last time."""
    names = [line.removesuffix(" fires") for line in host.log_lines if line.endswith(" fires")]
    host.forget()
    return names


def tick_periods(host: Host) -> list[str]:
    return [line for line in host.transcript.lines if "set_tick_period_milliseconds(" in line]


def test_without_running_timers_nothing_ticks(load: Load) -> None:
    host = load(FILTER, log_level=LogLevel.DEBUG)
    host.advance(10)
    assert host.log_lines == []
    assert tick_periods(host) == []


@pytest.mark.simulated("a test of the clock")
def test_each_timer_has_its_own_period(load: Load) -> None:
    host = load(FILTER, {"a": 20, "b": 50})
    host.advance(0.1)
    assert fired(host) == ["a", "a", "b", "a", "a", "a", "b"]


@pytest.mark.simulated("a test of the clock")
def test_the_tick_comes_when_a_timer_is_due(load: Load) -> None:
    host = load(FILTER, {"a": 300, "b": 1000}, log_level=LogLevel.DEBUG)
    host.advance(1)
    # At 300, 600, 900 and 1000 ms.
    assert host.log_lines.count("tick") == 4


@pytest.mark.simulated("a test of the clock")
def test_one_timer_sets_the_period_once(load: Load) -> None:
    host = load(FILTER, {"a": 100})
    host.advance(1)
    assert len(fired(host)) == 10
    host = load(FILTER, {"a": 100})
    host.advance(1)
    assert tick_periods(host) == ["[vm->host] env.proxy_set_tick_period_milliseconds(100)"]


@pytest.mark.simulated("a test of the clock")
def test_a_timer_fires_once(load: Load) -> None:
    host = load(FILTER)
    assert host.get("/once/x/100").body == b"yes"
    host.advance(0.099)
    assert fired(host) == []
    host.advance(0.5)
    assert fired(host) == ["x"]
    assert host.get("/running/x").body == b"no"


@pytest.mark.simulated("a test of the clock")
def test_a_cancelled_timer_does_not_fire(load: Load) -> None:
    host = load(FILTER, {"a": 100}, log_level=LogLevel.DEBUG)
    host.get("/cancel/a")
    host.get("/cancel/a")
    host.advance(1)
    assert host.log_lines == []
    host.get("/start/a/100")
    host.advance(0.1)
    assert fired(host) == ["a"]


@pytest.mark.simulated("a test of the clock")
def test_a_timer_that_is_started_anew_runs_from_then(load: Load) -> None:
    host = load(FILTER, {"a": 100})
    host.advance(0.06)
    host.get("/start/a/100")
    host.advance(0.06)
    assert fired(host) == []
    host.advance(0.04)
    assert fired(host) == ["a"]


@pytest.mark.simulated("a test of the clock")
def test_a_shorter_timer_comes_before_the_tick_that_was_asked_for(load: Load) -> None:
    host = load(FILTER, {"a": 1000})
    host.advance(0.5)
    host.get("/once/x/10")
    host.advance(0.01)
    assert fired(host) == ["x"]
    host.advance(0.49)
    assert fired(host) == ["a"]


@pytest.mark.simulated("a test of the clock")
def test_a_timer_that_raises_is_reported_and_the_others_fire(load: Load) -> None:
    host = load(FILTER, {"raises": 10, "a": 10})
    host.advance(0.02)
    assert host.stats["mixer2_callback_errors_total{plugin=ticking}"] == 2
    errors = [line.message for line in host.log if line.level is LogLevel.ERROR]
    assert len(errors) == 2
    assert errors[0].endswith("ValueError: in on_fire")
    # In the order of their start.
    assert fired(host) == ["a", "raises", "a", "raises"]


@pytest.mark.simulated("a test of the clock")
def test_a_timer_starts_itself_in_its_callback(load: Load) -> None:
    host = load(FILTER)
    host.get("/once/restarts/10")
    host.advance(0.1)
    # At 10, 40, 70 and 100 ms.
    assert fired(host) == ["restarts"] * 4


@pytest.mark.simulated("a test of the clock")
def test_a_timer_cancels_another_that_is_due_with_it(load: Load) -> None:
    host = load(FILTER)
    host.get("/running/a")
    host.get("/start/cancels-a/10")
    host.get("/start/a/10")
    host.advance(0.02)
    assert fired(host) == ["cancels-a", "cancels-a"]


def test_a_period_is_at_least_a_millisecond(load: Load) -> None:
    host = load(FILTER)
    response = host.get("/start/x/0")
    assert (response.status, response.body) == (
        400,
        b"period_ms: expected 1 to 2147483647, got 0",
    )
    assert host.get("/start/x/2147483648").status == 400


@pytest.mark.simulated("a test of the clock")
def test_every_worker_has_its_timers(load: Load) -> None:
    host = load(FILTER, {"a": 100}, workers=2)
    host.advance(0.1)
    assert fired(host) == ["a", "a"]


class Beat(Timer):
    """Counts."""

    fired = 0

    def on_fire(self) -> None:
        self.fired += 1


class BeatPlugin(PluginContext):
    """Has one timer, which a test starts."""

    def __init__(self) -> None:
        super().__init__()
        self.beat = Beat(self)


class StartsTooEarly(PluginContext):
    """Starts a timer before the proxy knows of it."""

    def __init__(self) -> None:
        super().__init__()
        Beat(self).start(10)


class Factory(dispatch.PluginFactory):
    def __init__(self, plugin: type[PluginContext]) -> None:
        self._plugin = plugin

    def create(self) -> PluginContext:
        return self._plugin()


@pytest.fixture
def beat(fake_host: FakeHost) -> Iterator[Beat]:  # noqa: ARG001 - the proxy must be there
    dispatch.register(Factory(BeatPlugin))
    parts.proxy_on_context_create(1, 0)
    plugin = registry.plugin(1)
    assert isinstance(plugin, BeatPlugin)
    yield plugin.beat
    parts.proxy_on_delete(1)


def test_times_that_were_missed_are_left_out(beat: Beat, fake_host: FakeHost) -> None:
    """A worker that was blocked ticks late: one firing, then the next multiple of the period."""
    beat.start(100)
    fake_host.now_ns += 530_000_000
    timers.proxy_on_tick(1)
    assert (beat.fired, fake_host.tick_period) == (1, 70)
    fake_host.now_ns += 70_000_000
    timers.proxy_on_tick(1)
    assert (beat.fired, fake_host.tick_period) == (2, 100)


def test_a_tick_that_is_a_little_early_counts(beat: Beat, fake_host: FakeHost) -> None:
    beat.start(100)
    fake_host.now_ns += 99_600_000
    timers.proxy_on_tick(1)
    assert beat.fired == 1


def test_a_wall_clock_that_is_set_back_delays_and_no_more(beat: Beat, fake_host: FakeHost) -> None:
    beat.start(100)
    fake_host.now_ns -= 3600 * 1_000_000_000
    timers.proxy_on_tick(1)
    assert (beat.fired, fake_host.tick_period) == (0, 100)
    fake_host.now_ns += 100_000_000
    timers.proxy_on_tick(1)
    assert beat.fired == 1


def test_the_timers_of_a_plugin_that_is_gone_stop(beat: Beat, fake_host: FakeHost) -> None:
    beat.start(100)
    parts.proxy_on_delete(1)
    assert not beat.is_running
    fake_host.now_ns += 100_000_000
    timers.proxy_on_tick(1)
    assert beat.fired == 0


def test_a_refused_tick_is_an_error(beat: Beat, fake_host: FakeHost) -> None:
    fake_host.refusals["set_tick_period_milliseconds"] = status.INTERNAL_FAILURE
    with pytest.raises(HostcallError, match="set_tick_period_milliseconds"):
        beat.start(100)


def test_a_constructor_is_too_early(fake_host: FakeHost) -> None:
    dispatch.register(Factory(StartsTooEarly))
    parts.proxy_on_context_create(1, 0)
    assert "do it in on_configure" in fake_host.logged[0][1]
