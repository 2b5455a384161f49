"""How fast a filter's own Python is, compiled, beside the same source in CPython."""
