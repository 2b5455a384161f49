"""Two counts of the same traffic, and where they differ."""

from collections import Counter
from dataclasses import dataclass

from e2e.demo.traffic import Request


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """What both sides count by."""

    tenant: str
    method: str
    code_class: str


Tally = Counter[Key]


def of_answers(answered: Counter[Request]) -> Tally:
    """Sum what the client counted per status code into classes: 404 is `4xx`."""
    tally: Tally = Counter()
    for request, count in answered.items():
        tally[Key(request.tenant, request.method, f"{request.code // 100}xx")] += count
    return tally


@dataclass(frozen=True, slots=True)
class Difference:
    """A key that the two sides counted differently."""

    key: Key
    client: int
    envoy: int

    def __str__(self) -> str:
        key = self.key
        return (
            f"{key.tenant} {key.method} {key.code_class}: "
            f"the client counted {self.client}, Envoy {self.envoy}"
        )


def differences(client: Tally, envoy: Tally) -> list[Difference]:
    """Every key whose counts differ, a key that only one side knows among them."""
    return [
        Difference(key, client[key], envoy[key])
        for key in sorted(client.keys() | envoy.keys())
        if client[key] != envoy[key]
    ]
