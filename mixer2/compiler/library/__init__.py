"""Standard library modules for compiled filters: guest code, in place of CPython's."""
