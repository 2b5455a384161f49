"""Passes of ours over mypyc's IR, after mypyc's own; each changes a function in place.

simplify    branches whose outcome is certain, casts that cannot fail, merged blocks
ranges      which values ints can have: arithmetic without tests for overflow (arithmetic)
handled     the exception that was handled before, as one object
startup     final names that surely have a value
references  pairs of increment and decrement that cancel
borrowing   attributes that are only looked at are not counted
tracebacks  one block per line and target notes a line in the traceback
"""
