"""The third host: the test body of `mixer2.testhost`, with the real Envoy in the test host's place.

    test -> EnvoyHost -> client socket -> Envoy (plugin by ECDS) -> servers -> EnvoyHost -> test

One Envoy serves a whole test run. The client, the upstream and the servers that callouts go to
live in one event loop beside it; `EnvoyHost` has the methods of `mixer2.testhost.Host` over that.
What only a simulation can do (another time, attributes of the test's making) is refused by name.
"""

from mixer2.envoyhost.host import EnvoyHost
from mixer2.envoyhost.pool import EnginePool
from mixer2.testhost.errors import NotInEnvoyError

__all__ = ["EnginePool", "EnvoyHost", "NotInEnvoyError"]
