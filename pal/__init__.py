"""The platform abstraction layer: all that a filter may know about its proxy."""
