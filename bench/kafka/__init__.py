"""Kafka through the proxy: what tracing costs of the throughput, and of memory."""
