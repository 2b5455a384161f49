"""The author's loop: a filter in a real Envoy, rebuilt and swapped on every save.

upstream  what stands behind Envoy: an echo, or the author's own service
session   Envoy, the xDS server and the filter, running
changes   the files that the author edits
console   what the author sees
loop      all of it, until Ctrl-C
"""
