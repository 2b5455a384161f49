"""What is wrong with bytes that should be Kafka."""


class ProtocolError(Exception):
    """The bytes are not what the protocol says: what was expected, and what came."""

    def reason(self) -> str:
        """By which reason it is counted."""
        return "malformed"


class ChecksumError(ProtocolError):
    """A record batch whose checksum is not that of its bytes."""

    def reason(self) -> str:
        """By which reason it is counted."""
        return "checksum"


class CodecError(ProtocolError):
    """Records that are compressed in a way that nobody here reads or makes."""

    def reason(self) -> str:
        """By which reason it is counted."""
        return "codec"


class TooLargeError(ProtocolError):
    """Records that become more than is looked at."""

    def reason(self) -> str:
        """By which reason it is counted."""
        return "too_large"
