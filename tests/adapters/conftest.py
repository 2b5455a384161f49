"""The PAL's fake proxy, for the backends that speak to it."""

from tests.pal.conftest import host

__all__ = ["host"]
