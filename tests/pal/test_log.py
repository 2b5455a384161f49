from pal import clock, log
from tests.pal.fake_host import FakeHost


def test_every_level_has_its_function(host: FakeHost) -> None:
    for write in (log.trace, log.debug, log.info, log.warning, log.error, log.critical):
        write(write.__name__)

    assert host.logged == [
        (0, "trace"),
        (1, "debug"),
        (2, "info"),
        (3, "warning"),
        (4, "error"),
        (5, "critical"),
    ]


def test_a_level_is_enabled_from_that_of_the_proxy_on(host: FakeHost) -> None:
    host.log_level = log.WARNING

    assert [log.enabled(level) for level in range(6)] == [False] * 3 + [True] * 3


def test_the_clock_is_the_proxys(host: FakeHost) -> None:
    assert clock.now_ns() == host.now_ns
