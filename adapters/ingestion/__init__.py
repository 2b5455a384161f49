"""Traffic to facts. Sans-I/O parsers: they are given bytes and headers, and know no proxy."""
