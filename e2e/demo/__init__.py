"""`make demo`: one filter compiled, delivered, and measured against what its clients saw."""
