"""The proxy process: what all VMs and workers share."""

from collections import deque
from collections.abc import Callable, Mapping
from email.utils import formatdate
from typing import TYPE_CHECKING, Final

from mixer2.testhost.abi import LogLevel
from mixer2.testhost.callouts import Cluster, HttpCallouts
from mixer2.testhost.clock import NANOSECONDS, Clock
from mixer2.testhost.dns import DnsAnswer, Resolver
from mixer2.testhost.foreign import ForeignFunction, ForeignFunctions
from mixer2.testhost.grpc_callouts import GrpcCallouts, GrpcService
from mixer2.testhost.header_map import HeaderMap
from mixer2.testhost.log import Log
from mixer2.testhost.metrics import Stats
from mixer2.testhost.properties import AttributeValue, Namespace
from mixer2.testhost.shared import SharedData, SharedQueues
from mixer2.testhost.timers import Timers

if TYPE_CHECKING:
    from mixer2.testhost.contexts import RootContext

DEFAULT_NODE: Final[Mapping[str, AttributeValue]] = {
    "id": "test-node",
    "cluster": "test-cluster",
    "metadata": {},
    "locality": {"region": "", "zone": "", "sub_zone": ""},
}


class Proxy:
    """One process.

    Args:
        log_level: Lowest level that its log takes.
        strict: Whether misuse that Envoy tolerates fails the test.
        node: What `xds.node` shows.
        clusters: Clusters that HTTP callouts go to, and how they answer.
        grpc_services: Clusters that gRPC callouts go to, and how they answer.
        foreign_functions: Foreign functions beside Envoy's.
        dns: What names resolve to.
    """

    def __init__(
        self,
        log_level: LogLevel = LogLevel.INFO,
        strict: bool = True,
        node: Mapping[str, AttributeValue] = DEFAULT_NODE,
        clusters: Mapping[str, Cluster] | None = None,
        grpc_services: Mapping[str, GrpcService] | None = None,
        foreign_functions: Mapping[str, ForeignFunction] | None = None,
        dns: Mapping[str, DnsAnswer] | None = None,
    ) -> None:
        self.log = Log(log_level)
        self.strict = strict
        self.clock = Clock()
        self.stats = Stats()
        self.timers = Timers(self.clock)
        self.shared_data = SharedData()
        self.queues = SharedQueues(self.post)
        self.http_callouts = HttpCallouts(clusters or {}, self.post)
        self.grpc_callouts = GrpcCallouts(grpc_services or {}, self.post)
        self.resolver = Resolver(dns or {}, self.post)
        self.foreign = ForeignFunctions(foreign_functions or {})
        self._node = node
        self._events: deque[Callable[[], None]] = deque()
        self._requests = 0

    def post(self, event: Callable[[], None]) -> None:
        """Let something happen once no guest is running."""
        self._events.append(event)

    def run(self) -> None:
        """Let everything happen that is due now."""
        while self._events:
            self._events.popleft()()

    def next_request_number(self) -> int:
        """Requests are counted, so that their ids are the same in every run."""
        self._requests += 1
        return self._requests

    def xds_attributes(self) -> Namespace:
        """What every context finds under `xds`."""
        return Namespace({"node": self._node})

    def decorate_response(self, headers: HeaderMap) -> None:
        """What the connection manager adds on the way to the client."""
        headers.remove("transfer-encoding")
        headers.set("date", _http_date(self.clock.now_ns()))
        headers.set("server", "envoy")

    def end_root(self, root: "RootContext") -> None:
        """A plugin is asked to go; it goes at once unless it says 0, and else calls `done`."""
        verdict = root.vm.call(root, "proxy_on_done")
        if verdict is not None and verdict.value == 0:
            root.done_pending = True
        else:
            self.delete_root(root)

    def discard_root(self, root: "RootContext") -> None:
        """A plugin's VM goes without a word: nothing of it ticks, and nobody gets its answers."""
        self.timers.set_period(root, 0)
        self.http_callouts.cancel_of(root)
        self.grpc_callouts.cancel_of(root)
        self.resolver.cancel_of(root)

    def delete_root(self, root: "RootContext") -> None:
        """A plugin goes."""
        root.done_pending = False
        self.discard_root(root)
        root.vm.call(root, "proxy_on_delete")
        root.vm.remove_context(root)


def _http_date(now_ns: int) -> str:
    return formatdate(now_ns // NANOSECONDS, usegmt=True)
