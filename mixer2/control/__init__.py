"""The control plane: a mesh file, served.

code      filters to modules
sources   endpoints from files and HTTP APIs
watch     files that changed
module_server, reoffer  large modules over HTTP
status, http  what people and scripts are shown, and commands
plane     the mesh file, the cache and what lies between
"""
