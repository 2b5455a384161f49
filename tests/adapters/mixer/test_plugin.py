"""The plugin: what becomes of requests when it makes mistakes, and what it asks the proxy."""

import json

import pytest

from mixer2.testhost.plugin import Load
from mixer2.testhost.trace import HostCalled
from pal import ErrorPolicy
from tests.adapters.mixer.remote import RemoteMixer


@pytest.mark.usefixtures("host")
@pytest.mark.parametrize(
    ("handler", "rule", "policy"),
    [
        ({"remote": {}, "on_failure": "closed"}, {}, ErrorPolicy.REFUSE),
        ({"remote": {}, "on_failure": "open"}, {}, ErrorPolicy.PASS),
        ({"remote": {}, "on_failure": "closed"}, {"dry_run": True}, ErrorPolicy.PASS),
    ],
)
def test_they_keep_requests_out_when_a_check_does(
    handler: dict[str, object], rule: dict[str, object], policy: ErrorPolicy
) -> None:
    plugin = RemoteMixer()
    configuration = {"handlers": {"auth": handler}, "rules": [{"check": "auth", **rule}]}
    plugin.configuration = json.dumps(configuration).encode()

    assert plugin.on_configure()

    assert plugin.error_policy is policy


def test_a_condition_for_several_handlers_asks_the_proxy_once(load: Load) -> None:
    configuration = {
        "handlers": {name: {"counter": {"metric": f"{name}_total"}} for name in ("a", "b", "c")},
        "rules": [{"report": ["a", "b", "c"], "when": "connection.id >= 0"}],
    }
    host = load("tests/adapters/mixer/remote.py", configuration)

    host.get("/")

    crossings = host.transcript.crossings
    called = [one.name for one in crossings if isinstance(one, HostCalled)]
    assert called.count("proxy_get_property") == 1
    assert [host.stats[f"{name}_total"] for name in ("a", "b", "c")] == [1, 1, 1]
