"""`python -m bench.xds`: the row of the xDS server alone. NODES=1000 by default."""

import asyncio
import os
import sys

from rich.console import Console

from bench.errors import BenchError
from bench.progress import Progress
from bench.xds.measure import NODES, measure
from bench.xds.table import print_cost


def main() -> int:
    """Measure and print; returns the exit code."""
    console = Console(markup=False, highlight=False)
    try:
        with Progress(console) as progress:
            nodes = int(os.environ.get("NODES", NODES))
            cost = asyncio.run(measure(progress.tell, nodes))
    except BenchError as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1
    print_cost(cost, console)
    return 0


if __name__ == "__main__":
    sys.exit(main())
