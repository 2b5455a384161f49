"""Passes of ours over mypyc's IR, after mypyc's own; each changes a function in place.

simplify    branches whose outcome is certain, casts that cannot fail, merged blocks
references  pairs of increment and decrement that cancel
tracebacks  one block per line and target notes a line in the traceback
"""
