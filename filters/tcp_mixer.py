"""The mixer for TCP connections: deny rules and limits at connect, telemetry at the end.

Attributes:
    - {name: network, cidr: {office: [10.0.0.0/8]}, default: outside}
    handlers:
      closed: {fixed: {}}
      stats: {metrics: {}}
    rules:
    - check: closed
      when: network == 'outside'
    - report: stats
      with: {service: upstream.cluster}

docs/mixer.md has everything that can be written there.
"""

from adapters.backend.access_log import AccessLogKind
from adapters.backend.connection_metrics import ConnectionMetricsKind
from adapters.backend.connection_report import ConnectionFields
from adapters.backend.counter import CounterKind
from adapters.backend.fixed import FixedKind
from adapters.backend.global_rate_limit import GlobalRateLimitKind, QuotaKind
from adapters.backend.kind import BackendKind
from adapters.backend.rate_limit import RateLimitKind
from adapters.backend.usage import UsageKind
from adapters.mixer.network_class import NetworkClassKind
from adapters.mixer.producer import ExpressionKind, ProducerKind
from adapters.mixer.subnet import SubnetKind
from adapters.mixer.tcp_plugin import TcpMixerPlugin


class TcpMixer(TcpMixerPlugin):
    """The plugin: which kinds there are."""

    def backends(self) -> list[BackendKind]:
        """The kinds of backends."""
        return [
            FixedKind(),
            RateLimitKind(),
            GlobalRateLimitKind(),
            QuotaKind(),
            CounterKind(),
            ConnectionMetricsKind(),
            AccessLogKind(ConnectionFields()),
            UsageKind(),
        ]

    def producers(self) -> list[ProducerKind]:
        """The kinds of attribute producers."""
        return [NetworkClassKind(), SubnetKind(), ExpressionKind()]
