"""What the control plane cannot do."""


class ControlError(Exception):
    """A reason in one line."""


class CodeError(ControlError):
    """A filter's code cannot be had; the message may have several lines."""
