"""Leaks: the same request again and again must not leave more and more objects behind.

The test's last request is repeated after the test, on the compiled module only: it tells how many
objects it holds. The first repetition warms up (caches, metric ids); growth in each of the
following ones is a leak.
"""

from collections.abc import Callable
from itertools import pairwise
from typing import Final

from mixer2.testhost.errors import HostError, LeakError

_ROUNDS: Final = 4


def check_leaks(repeat: Callable[[], bool], count: Callable[[], int | None]) -> None:
    """Repeat a request and watch the number of objects.

    Args:
        repeat: Sends the request once more; False when it did not come to its end this time.
        count: Objects that the guest holds now; None when it does not tell.

    Raises:
        LeakError: it grew each time.
    """
    counts: list[int] = []
    for _ in range(_ROUNDS):
        try:
            ended = repeat()
        except HostError:
            return
        held = count()
        if not ended or held is None:
            return
        counts.append(held)
    if all(earlier < later for earlier, later in pairwise(counts)):
        raise LeakError(
            f"the plugin holds more objects after each of {_ROUNDS} equal requests: {counts}. "
            "If it collects on purpose, load it with leak_check=False"
        )
