"""For all tests."""

import signal

from hypothesis import settings

# A busy machine is no reason to fail: what has to be fast is measured in bench/.
settings.register_profile("mixer2", deadline=None)
settings.load_profile("mixer2")

# Whoever runs in a shell's background ignores Ctrl-C, and so would the processes that tests start.
signal.signal(signal.SIGINT, signal.default_int_handler)
