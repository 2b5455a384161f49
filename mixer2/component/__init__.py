"""Profile cpython: any Python in a proxy, by way of componentize-py.

componentize-py makes a component: CPython, the filter, and a snapshot of both after all imports.
Proxies load core modules only. Here the one becomes the other:

staging      what the component is made of: filter, pal, and the guest's own modules
componentize componentize-py, run on it
pack         the snapshot, put into the template of the machine code
template     the code of every component of one version, merged into one module with the glue
flatten      core modules with their imports resolved    (when the template is built)
prune        what no filter can reach, made small         (when the template is built)
"""
