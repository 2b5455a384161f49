"""What the xDS server costs with many nodes: `python -m bench.xds`, a part of `make bench`."""
