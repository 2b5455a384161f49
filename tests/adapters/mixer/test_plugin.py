"""The mixer's own mistakes: what becomes of requests then."""

import json

import pytest

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
