"""A real Envoy as a child process: find it, start it, ask it."""
