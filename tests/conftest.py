"""For all tests."""

from hypothesis import settings

# A busy machine is no reason to fail: what has to be fast is measured in bench/.
settings.register_profile("mixer2", deadline=None)
settings.load_profile("mixer2")
