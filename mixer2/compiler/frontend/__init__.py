"""From the author's source to mypyc's IR.

program     which modules make the program, parsed
dialect     refuse what the dialect does not have, with its place
entry       the generated module that registers the plugin and exports its callbacks
desugar     rewrite what mypyc leaves to CPython's run-time (dataclasses)
typecheck   mypy, then mypyc's IR and its passes
"""
