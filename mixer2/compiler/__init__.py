"""Typed Python to a small Wasm module."""
