"""The proxy's side of Proxy-Wasm, for tests."""
