"""The mixer: telemetry, limits, authorisation by configuration; nobody writes code.

    handlers:
      stats: {counter: {metric: requests_total}}
      closed: {fixed: {status: 503, body: "back at noon"}}
    rules:
    - check: closed
      when: request.path.startsWith('/admin')
    - report: stats
      with: {tenant: "request.headers['x-tenant']", code: response.code}

docs/mixer.md has everything that can be written there.
"""

from adapters.backend.access_log import AccessLogKind
from adapters.backend.api_keys import ApiKeysKind
from adapters.backend.authz import AuthzKind
from adapters.backend.counter import CounterKind
from adapters.backend.exchange_metrics import MetricsKind
from adapters.backend.fixed import FixedKind
from adapters.backend.global_rate_limit import GlobalRateLimitKind, QuotaKind
from adapters.backend.kind import BackendKind
from adapters.backend.log_line import ExchangeFields
from adapters.backend.rate_limit import RateLimitKind
from adapters.backend.remote_authz import RemoteAuthzKind
from adapters.backend.tracing import TracingKind
from adapters.backend.usage import UsageKind
from adapters.mixer.jwt_claim import JwtClaimKind
from adapters.mixer.network_class import NetworkClassKind
from adapters.mixer.path_template import PathTemplateKind
from adapters.mixer.plugin import MixerPlugin
from adapters.mixer.producer import ExpressionKind, HeaderKind, ProducerKind
from adapters.mixer.subnet import SubnetKind


class Mixer(MixerPlugin):
    """The plugin: which kinds there are."""

    def backends(self) -> list[BackendKind]:
        """The kinds of backends."""
        return [
            FixedKind(),
            RateLimitKind(),
            GlobalRateLimitKind(),
            QuotaKind(),
            ApiKeysKind(),
            AuthzKind(),
            RemoteAuthzKind(),
            CounterKind(),
            MetricsKind(),
            AccessLogKind(ExchangeFields()),
            TracingKind(),
            UsageKind(),
        ]

    def producers(self) -> list[ProducerKind]:
        """The kinds of attribute producers."""
        return [
            HeaderKind(),
            JwtClaimKind(),
            PathTemplateKind(),
            NetworkClassKind(),
            SubnetKind(),
            ExpressionKind(),
        ]
