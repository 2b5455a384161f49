"""What reading and writing JSON share: its values, and how deep they nest."""

from typing import Final, TypeAlias

JsonValue: TypeAlias = "bool | int | float | str | list[JsonValue] | dict[str, JsonValue] | None"

DEPTH_LIMIT: Final = 200


def too_deep(doing: str) -> RecursionError:
    """What CPython raises when its stack ends."""
    return RecursionError(f"maximum recursion depth exceeded while {doing}")
