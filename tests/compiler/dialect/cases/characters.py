"""Single characters of texts: looked at, kept, compared, taken apart."""


def counted(text: str) -> list[int]:
    found = [0, 0, 0, 0, 0, 0]
    for c in text:
        if c == "a" or c == "é":
            found[0] += 1
        elif c != "b" and c in "xyz😀":
            found[1] += 1
        elif c in ("q", "r", "ö"):
            found[2] += 1
        elif "0" <= c <= "9":
            found[3] += ord(c) - 48
        elif c in "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÜ":
            found[4] += 1
        elif c == "" or c == "ab":
            found[5] += 1
    return found


def number(text: str, at: int) -> str:
    value = 0
    try:
        while True:
            c = text[at]
            if c.isdigit():
                value = value * 10 + ord(c) - ord("0")
            if c < "0" or c > "9":
                return f"{value} {c!r} {at}"
            at += 1
    except IndexError as error:
        return f"{value} {error} {at}"


def parts(text: str) -> list[str]:
    out: list[str] = []
    last = ""
    for i, c in enumerate(text):
        if c == ",":
            out.append(last)
            last = ""
        elif i:
            last += c
    out.append(last)
    return out


def titled(text: str) -> str:
    previous = " "
    out = ""
    for c in text:
        if previous == " " and c != " ":
            out = out + c.upper()
        else:
            out += c
        previous = c
    return out + previous


def runs(text: str) -> list[tuple[str, int]]:
    found: list[tuple[str, int]] = []
    previous = ""
    for c in text:
        if c == previous:
            found[-1] = (c, found[-1][1] + 1)
        else:
            found.append((c, 1))
        previous = c
    return found


def first_of_each(text: str) -> dict[str, int]:
    places: dict[str, int] = {}
    for place in range(len(text)):
        c = text[place]
        if c not in places and c != " ":
            places[c] = place
    return places


def kept(text: str) -> str:
    best = "a"
    for c in text:
        if c > best:
            best = c
    return best


def one(text: str, place: int) -> str:
    c = text[place]
    return c if c == "é" or c == "e" else "no " + c


def matched(text: str) -> list[str]:
    found = []
    for c in text:
        match c:
            case "a":
                found.append("first")
            case "b" | "ß":
                found.append("second")
            case _:
                found.append(c * 2)
    return found


def both(left: str, right: str) -> int:
    same = 0
    for a, b in zip(left, right):
        if a == b:
            same += 1
        elif a.lower() == b:
            same += 10
    return same


def from_the_end(text: str) -> str:
    out = ""
    place = -1
    while place >= -len(text):
        if text[place] != "-":
            out += text[place]
        place -= 1
    return out


def ordered(left: str, right: str) -> list[bool]:
    return [left < right, left <= right, left > right, left >= right]


def smallest(texts: list[str]) -> str:
    found = texts[0]
    for text in texts:
        if text < found and not text >= "z":
            found = text
    return found


def kept_in_list(text: str) -> list[str]:
    found = [text[0]]
    if found[0] == "x":
        found.append(text[1])
    c = text[-1]
    if c == "é" or c == "z":
        found = [c, c]
    return found


def in_closure(text: str) -> list[str]:
    seen: list[str] = []
    for c in text:
        if c == "a":
            continue

        def add() -> None:
            seen.append(c)

        add()
    return seen


def main() -> None:
    for text in ("", "a", "abcé xyz😀 q9r ö42", "ÄBC, Zoë Ångström", "é", "ab" * 9):
        print(counted(text), parts(text), repr(titled(text)), runs(text))
        print(first_of_each(text), repr(kept(text)), matched(text), from_the_end(text))
        print(both(text, text[::-1]), both("ABé", "abÉ"), in_closure(text))
    for text, place in (("12é", 0), ("12", 0), ("x", 0), ("x", -1), ("x", 1), ("é1", 1), ("é1", -3)):
        print(number(text, place))
    for text, place in (("é", 0), ("e", 0), ("日本", 1), ("日本", -2)):
        print(one(text, place))
    for text in ("é", "xé", "abz", "日本"):
        print(kept_in_list(text))
    for left, right in (("a", "b"), ("b", "a"), ("", ""), ("", "a"), ("é", "z"), ("ab", "a"), ("日", "😀")):
        print(ordered(left, right))
    print(smallest(["m", "b", "", "zz"]), smallest(["é", "z", "日"]))
