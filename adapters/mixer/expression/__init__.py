"""Expressions: a subset of CEL, compiled once when the configuration is loaded.

The text becomes a tree of typed operands (`operand.Expression`); types are checked while parsing,
so evaluation does nothing but evaluate. What CEL cannot decide statically is refused: no `dyn`, no
`null`, no map literals, no macros but `has`, no comprehension, no user-defined functions.

Beyond CEL there is `default(x, y)`: x, or y when x is absent or cannot be evaluated.

Deliberate differences: an int has 63 bits, `matches` is linear-time (`re` of the dialect, Python's
syntax), `string(double)` writes the shortest decimal as Python does.

Source: CEL language definition (github.com/google/cel-spec), "Syntax", "List of Standard
Definitions"; strings extension of cel-go for `lowerAscii` and the like.
"""
