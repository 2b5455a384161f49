"""The xDS server: what Envoy runs, and how it gets there."""
