"""Loops for test_skipping.py."""

from pal import PluginContext


def two_characters(text: str) -> int:
    found = 0
    for place in range(len(text)):
        character = text[place]
        if character == "=":
            found += 1
        elif character == ";":
            found += place
    return found


def one_of_a_text(text: str) -> int:
    at = 0
    while at < len(text):
        if text[at] in ",;":
            return at
        at += 1
    return -1


def until(text: str) -> int:
    at = 0
    while text[at] != ";":
        at += 1
    return at


def of_bytes(data: bytes) -> int:
    at = 0
    while at < len(data):
        byte = data[at]
        if byte in (0x22, 0x5C) or byte < 0x20:
            return at
        at += 1
    return -1


def beyond_ascii(data: bytes) -> int:
    for at in range(len(data)):
        if data[at] >= 0x80:
            return at
    return -1


def counts_all(text: str) -> int:
    others = 0
    for character in text:
        if character != ";":
            others += 1
    return others


def keeps_the_previous(text: str) -> int:
    previous = ""
    found = 0
    for place in range(len(text)):
        character = text[place]
        if character == ";" and previous == "=":
            found += 1
        previous = character
    return found


def four_groups(text: str) -> int:
    found = 0
    for place in range(len(text)):
        character = text[place]
        if character in ("!", "%", "?", "~"):
            found += place
    return found


def letters_only(text: str) -> int:
    found = 0
    for place in range(len(text)):
        if "a" <= text[place] <= "z":
            found += place
    return found


def in_steps(text: str) -> int:
    found = 0
    for place in range(0, len(text), 2):
        if text[place] == ";":
            found += place
    return found


def moves_text(text: str) -> str:
    at = 0
    while at < len(text):
        text = text[1:]
        if text[at] == ";":
            return text
        at += 1
    return text


class Plugin(PluginContext):
    """A filter module has one."""
