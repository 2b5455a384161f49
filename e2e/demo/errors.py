"""What can go wrong in the demo itself."""


class DemoFailed(Exception):
    """The demo did not show what it promises; the message says what, in one line where it can."""
