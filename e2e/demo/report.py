"""What the demo says and shows."""

from collections.abc import Mapping
from typing import Final

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from e2e.demo.tally import Key, Tally

CLASSES: Final = ("2xx", "3xx", "4xx", "5xx")


class Report:
    """Lines of a subject and what there is to say about it, and a table between them.

    Args:
        console: Where they go.
    """

    def __init__(self, console: Console) -> None:
        self._console = console

    def say(self, subject: str, text: str) -> None:
        """Write one line, however long it is: people copy from it."""
        line = Text.assemble((f"{subject:<9} ", "bold"), text)
        self._console.print(line, soft_wrap=True)

    def show(self, table: Table) -> None:
        """Write a table, with room around it."""
        self._console.print()
        self._console.print(table)
        self._console.print()


def counts_table(client: Tally, envoy: Tally, mean_ms: Mapping[str, float]) -> Table:
    """Per tenant, method and code class: requests as the client and as Envoy counted them.

    Args:
        client: What the client counted.
        envoy: What Envoy's stats say.
        mean_ms: Each tenant's mean latency in milliseconds, from Envoy's histogram.
    """
    table = Table(
        title="Requests as the client counted them = as Envoy did",
        title_justify="left",
        box=SIMPLE_HEAD,
        pad_edge=False,
    )
    table.add_column("tenant", no_wrap=True)
    table.add_column("method")
    for code_class in CLASSES:
        table.add_column(code_class, justify="right", no_wrap=True)
    table.add_column("success", justify="right")
    table.add_column("mean ms", justify="right", no_wrap=True)

    keys = client.keys() | envoy.keys()
    for tenant in sorted({key.tenant for key in keys}):
        methods = sorted({key.method for key in keys if key.tenant == tenant})
        for method in methods:
            first = method == methods[0]
            of_class = (Key(tenant, method, code_class) for code_class in CLASSES)
            table.add_row(
                Text(tenant if first else ""),
                method,
                *(_cell(client[key], envoy[key]) for key in of_class),
                f"{_success_ratio(envoy, tenant):.1%}" if first else "",
                f"{mean_ms.get(tenant, 0.0):.2f}" if first else "",
                end_section=method == methods[-1],
            )
    return table


def _cell(client: int, envoy: int) -> Text:
    if client != envoy:
        return Text(f"{client}≠{envoy}", "bold red")
    return Text(f"{client}={envoy}" if client else "")


def _success_ratio(tally: Tally, tenant: str) -> float:
    """Share of a tenant's requests that the service did not fail."""
    total = sum(count for key, count in tally.items() if key.tenant == tenant)
    failed = sum(
        count for key, count in tally.items() if key.tenant == tenant and key.code_class == "5xx"
    )
    return 1.0 - failed / total if total else 1.0
