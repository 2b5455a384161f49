"""Facts to infrastructure."""
