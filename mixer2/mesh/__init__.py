"""The mesh file: one YAML for listeners, routes, services and filters, and what nodes get of it.

document   YAML with the place of every value
schema/    what may stand in it
read       document and schema: a `Mesh`, or every problem with its place
check      what refers to what
envoy/     parts of the mesh in Envoy's own JSON
plan       what each node gets
"""
