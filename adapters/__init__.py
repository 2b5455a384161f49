"""Ingestion adapters turn traffic into typed facts, backend adapters facts into infrastructure."""
