"""What cannot be done with a rollout."""


class RolloutError(Exception):
    """A reason in one line."""
