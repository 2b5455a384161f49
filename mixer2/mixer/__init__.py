"""The mixer's configuration as people write it: its schema, its check, its reference page.

What a configuration means is decided by the plugin's own code (`adapters.mixer`), which
`mixer2 check` runs natively; here is what shape it has, and where in a file something stands.
"""
