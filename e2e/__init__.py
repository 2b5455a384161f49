"""End-to-end runs against a real Envoy."""
