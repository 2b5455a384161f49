"""What a protocol says of the first bytes of a connection."""

from enum import Enum


class Verdict(Enum):
    """Whether the bytes so far are of a protocol.

    NO: they are not, whatever follows.
    MORE: they may be.
    LIKELY: they are, unless what follows says otherwise; it may also tell more.
    YES: they are, whatever follows.
    """

    NO = 0
    MORE = 1
    LIKELY = 2
    YES = 3


class Protocol:
    """One protocol; a subclass knows how its client begins.

    Attributes:
        name: What configurations and metrics call it.
    """

    name: str = ""

    def judge(self, head: bytes) -> Verdict:
        """Look at the first bytes that the client sent.

        Args:
            head: All of them so far, at least one.
        """
        return Verdict.NO


def starts_with(head: bytes, prefix: bytes) -> Verdict:
    """The verdict of a protocol whose client always begins with `prefix`."""
    if head.startswith(prefix):
        return Verdict.YES
    return Verdict.MORE if prefix.startswith(head) else Verdict.NO
