"""Searches a text for a pattern."""

import re


def answer(request: bytes) -> list[str]:
    pattern, _, text = request.partition(b"\0")
    found = re.compile(pattern).search(text)
    return ["None" if found is None else str(found.span())]
