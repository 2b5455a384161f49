"""What can go wrong in a benchmark."""


class BenchError(Exception):
    """Something could not be built or measured; the message says what and where."""
