"""Kafka, seen from the wire: requests, responses and record batches as facts."""
