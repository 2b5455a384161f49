"""What is wrong with bytes that should be Kafka."""


class ProtocolError(Exception):
    """The bytes are not what the protocol says: what was expected, and what came."""


class ChecksumError(ProtocolError):
    """A record batch whose checksum is not that of its bytes."""
