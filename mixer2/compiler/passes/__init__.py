"""Passes of ours over mypyc's IR, after mypyc's own; each changes functions in place.

What they know of a program or a function:

call_graph, stack_watch    who may call whom, and who watches the stack for that
escape                     classes whose instances may be seen as mere objects
ranges (intervals, relations), liveness, turns
missing_attributes, keywords

What is called directly, as its type is known: known_arguments, known_keys, known_methods,
known_texts, exceptions, fstrings, super_init, class_methods, header_calls

What mypyc lets pass, or says in other words than CPython: float_comparisons, generators,
index_errors, unpacking

What is left out: simplify, startup, unread, unboxing (objects of ints), arithmetic (tests for
overflow), characters, skipping, byte_numbers; references, borrowing, handing_over (counts);
handled, error_paths (what an exception passes)
"""
