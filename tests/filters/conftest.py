"""The PAL's fake proxy, for what the test host cannot bring about."""

from tests.pal.conftest import host as fake_host

__all__ = ["fake_host"]
