TEXTS = [
    "",
    "=",
    "a",
    "no stop in here, and long enough for several words of eight",
    "name=value; other=thing;third = x;;=;",
    "12345678=abcdefgh;",
    "1234567;90abcdef=",
    "\x00\x01=\x7f;\x7f",
    "süß=é; 東=京; 😀",
    "a" * 40 + ";" + "b" * 7 + "=",
]


def fields(value: str) -> dict[str, str]:
    found: dict[str, str] = {}
    name = ""
    start = 0
    for place in range(len(value)):
        character = value[place]
        if character == "=" and not name:
            name = value[start:place]
            start = place + 1
        elif character == ";":
            found[name] = value[start:place]
            name = ""
            start = place + 2
    found[name] = value[start:]
    return found


def last_values(text: str, size: int) -> tuple[int, str]:
    place, character = 0, "?"
    for place in range(size):
        character = text[place]
        if character == "=":
            return place, "stopped"
    return place, character


def places(text: str, wanted: str) -> list[int]:
    found = []
    at = 0
    while at < len(text):
        if text[at] in "=;":
            found.append(at)
        at += 1
    if wanted in text:
        found.append(-1)
    return found


def first(text: str) -> int:
    at = 0
    while text[at] != ";":
        at += 1
    return at


def from_behind(text: str, start: int) -> int:
    at = start
    while at < len(text) and text[at] != "=":
        at += 1
    return at


def counts(text: str) -> tuple[int, int]:
    stops = others = 0
    for character in text:
        if character == ";":
            stops += 1
        else:
            others += 1
    return stops, others


def stops_only(text: str) -> int:
    stops = 0
    for character in text:
        if character == ";" or character == "=":
            stops += 1
    return stops


def after_previous(text: str) -> int:
    pairs = 0
    previous = ""
    for place in range(len(text)):
        character = text[place]
        if character == ";" and previous == ";":
            pairs += 1
        previous = character
    return pairs


def previous_in_turn(text: str) -> str:
    before = last = ""
    for place in range(len(text)):
        before = last
        last = text[place]
        if last == ";":
            return before
    return before + last


def controls(data: bytes) -> list[int]:
    found = []
    at = 0
    size = len(data)
    while at < size:
        byte = data[at]
        if byte == 0x22:
            found.append(at)
        elif byte == 0x5C:
            found.append(-at)
        elif byte < 0x20:
            found.append(byte)
        at += 1
    return found


def ends(data: bytes, start: int) -> int:
    at = start
    while at < len(data) and data[at] != 0x7F:
        at += 1
    return at


def high(data: bytes) -> int:
    at = 0
    for at in range(len(data)):
        if data[at] >= 0x80:
            return at
    return -at


def to_the_end(data: bytes) -> int:
    at = 0
    while data[at] != 10:
        at += 1
    return at


def letters(text: str) -> list[str]:
    found = []
    start = 0
    for place in range(len(text)):
        if text[place] < "!" or text[place] > "~":
            found.append(text[start:place])
            start = place + 1
    return found


def twice(text: str) -> int:
    total = 0
    at = 0
    end = len(text)
    while at < end:
        if text[at] == "=":
            end -= 3
            total += at
        at += 1
    return total * 100 + at


def in_steps(text: str) -> int:
    total = 0
    for place in range(0, len(text), 2):
        if text[place] == ";":
            total += place
    return total


def changing(text: str) -> str:
    at = 0
    while at < len(text):
        if text[at] == "=":
            text = text[at + 1 :]
            at = 0
        at += 1
    return text


def raised(at: str, text: str) -> None:
    try:
        print(first(text) if at == "str" else to_the_end(text.encode()))
    except IndexError as error:
        print(error)


def main() -> None:
    for text in TEXTS:
        print(fields(text))
        print([last_values(text, size) for size in range(min(len(text), 20))], last_values(text, len(text)))
        print(places(text, "other"), counts(text), stops_only(text), after_previous(text), previous_in_turn(text))
        print([from_behind(text, start) for start in range(-3, 12) if -start <= len(text)])
        print(letters(text), twice(text), in_steps(text), changing(text))
        raised("str", text)
        raised("bytes", text)
        data = text.encode()
        print([ends(data, start) for start in range(12)], high(data), controls(data))
    print(controls(b'abc"defghijk\\lmnopqrs\x00tuvwxyz\x1f01234567\x1f"\\'), controls(bytes(range(256))))
    print(high(bytes(range(200))), high(b"x" * 30), ends(b"y" * 33 + b"\x7f", -5))
