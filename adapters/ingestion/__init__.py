"""Traffic to facts, sans-I/O."""
