"""mixer2: Envoy extensions in typed Python."""
