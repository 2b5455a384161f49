"""The two counts side by side, as a table."""

from collections.abc import Mapping
from typing import Final

from rich.table import Table
from rich.text import Text

from e2e.demo.tally import Key, Tally

CLASSES: Final = ("2xx", "3xx", "4xx", "5xx")


def counts_table(client: Tally, envoy: Tally, mean_ms: Mapping[str, float]) -> Table:
    """Per tenant, method and code class: requests as the client and as Envoy counted them.

    Args:
        client: What the client counted.
        envoy: What Envoy's stats say.
        mean_ms: Each tenant's mean latency in milliseconds, from Envoy's histogram.
    """
    table = Table(title="Requests: client = Envoy", title_justify="left")
    table.add_column("tenant")
    table.add_column("method")
    for code_class in CLASSES:
        table.add_column(code_class, justify="right")
    table.add_column("success", justify="right")
    table.add_column("mean ms", justify="right")

    keys = client.keys() | envoy.keys()
    for tenant in sorted({key.tenant for key in keys}):
        methods = sorted({key.method for key in keys if key.tenant == tenant})
        for method in methods:
            cells = [
                _cell(client[key], envoy[key])
                for key in (Key(tenant, method, code_class) for code_class in CLASSES)
            ]
            first = method == methods[0]
            table.add_row(
                Text(tenant if first else ""),
                method,
                *cells,
                f"{_success_ratio(envoy, tenant):.1%}" if first else "",
                f"{mean_ms.get(tenant, 0.0):.2f}" if first else "",
                end_section=method == methods[-1],
            )
    return table


def _cell(client: int, envoy: int) -> Text:
    if client != envoy:
        return Text(f"{client} ≠ {envoy}", "bold red")
    return Text(f"{client} = {envoy}" if client else "", justify="right")


def _success_ratio(tally: Tally, tenant: str) -> float:
    """Share of a tenant's requests that the service did not fail."""
    total = sum(count for key, count in tally.items() if key.tenant == tenant)
    failed = sum(
        count for key, count in tally.items() if key.tenant == tenant and key.code_class == "5xx"
    )
    return 1.0 - failed / total if total else 1.0
