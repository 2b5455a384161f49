# In CPython the same lines are converted by hand: see docs/dialect.md.
class Gauge:
    def __init__(self) -> None:
        self.value: float = 1


def ratio(n: float) -> str:
    return f"{float(n)}"


def main() -> None:
    gauge = Gauge()
    print(float(gauge.value), ratio(3), float(gauge.value) / 2)
    gauge.value = 7
    print(float(gauge.value), gauge.value == 7)
    limit: float = -2
    print(float(limit), limit < 0)
