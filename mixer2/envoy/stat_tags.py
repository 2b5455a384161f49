r"""Labels for the metrics of plugins: rules for Envoy's `stats_config.stats_tags`.

A plugin names a metric `<metric>{<label>=<value>,<label>=<value>}` (docs/decisions/0006); Envoy
puts `wasmcustom.` before it. One rule per label takes the label out of the name again:

    wasmcustom.requests_total{tenant=acme,method=GET}
                             [-----1-----]                 ([{,]tenant=([^,}]*)\}?)

Group 1 is cut out of the name, group 2 is the value. All rules see the whole name, so their order
does not matter, and the last label takes the closing brace along.
"""

import re
from collections.abc import Iterable

from mixer2.envoy.errors import InvalidLabel

WELL_KNOWN_LABELS = (
    "tenant",
    "method",
    "code",
    "code_class",
    "plugin",
    "version",
    "route",
    "service",
    "cluster",
    "protocol",
    "outcome",
    "reason",
    "topic",
    "operation",
    "handler",
)
"""Labels that every bootstrap of ours knows. Each costs about 18 us per new stat: keep it short."""

_LABEL = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")


def stats_tags(labels: Iterable[str] = WELL_KNOWN_LABELS) -> list[dict[str, str]]:
    """Build the `stats_tags` rules that turn `labels` into tags (in Prometheus: labels).

    Args:
        labels: Label names; a name that comes twice counts once.

    Raises:
        InvalidLabel: a name that Prometheus reserves or would refuse.
    """
    return [{"tag_name": label, "regex": _rule(label)} for label in dict.fromkeys(labels)]


def _rule(label: str) -> str:
    if not _LABEL.fullmatch(label) or label.startswith("__") or label == "le":
        raise InvalidLabel(
            f"label {label!r}: expected [a-zA-Z_][a-zA-Z0-9_]*, not starting with __, and not 'le'"
        )
    # Envoy reads the word between ^ and \. first and skips the rule for every other stat.
    return rf"^wasmcustom\..*?([{{,]{label}=([^,}}]*)\}}?)"
