"""Every attribute of Envoy under a name of its own, with its type and unit.

    from pal.facts import request, response

    response.code()         # int | None
    request.duration_ns()   # nanoseconds; int | None

One module for each subject. Every function is one host call of 1 to 2 us; None (of a map, nothing)
says that the attribute has no value in this callback. `pal.attributes` reads any other path.

Source: Envoy documentation, "Attributes"; what is there when, as seen in Envoy 1.40.
"""
