"""Builders: typed functions that make the resources of a mesh."""
