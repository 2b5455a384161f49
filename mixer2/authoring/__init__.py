"""The author's loop: a filter in a real Envoy, rebuilt and swapped on every save.

echo      an upstream that answers with what it received
upstream  what stands behind Envoy: the echo, or the author's own service
session   Envoy, the xDS server and the filter, running
exchange  a request before and after the filter
changes   the files that the author edits
progress  what is under way, when it takes longer than a second
console   what the author sees
loop      all of it, until Ctrl-C
"""
