"""Facts to infrastructure: metrics, logs, spans, verdicts."""
