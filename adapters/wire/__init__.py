"""Formats that backends speak: facts to bytes and back, sans-I/O."""
