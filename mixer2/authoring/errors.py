"""What `mixer2 run` cannot do."""


class RunError(Exception):
    """A reason in one line."""
