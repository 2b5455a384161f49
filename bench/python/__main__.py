"""`python -m bench.python`: the rows of a filter's own Python alone, in half a minute."""

from rich.console import Console

from bench.python.measure import measure
from bench.python.table import print_rows

if __name__ == "__main__":
    print_rows(measure(), Console(markup=False, highlight=False))
