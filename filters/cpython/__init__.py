"""Plugins of profile cpython: they need what compiled filters lack (docs/cpython.md)."""
