"""Parts of a mesh in Envoy's own JSON, and as resources.

Endpoints, which are many and change often, are built by `mixer2.xds.builders` instead.
"""
