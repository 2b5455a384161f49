"""From the text of a regular expression to its tree.

Syntax and messages are those of CPython 3.11's `re`, minus what has no linear-time matcher:
backreferences, lookahead and lookbehind, conditional, atomic and possessive groups.
build/runtime/regex_parser.c is the same in C.
"""

from typing import Final

from ._regex_source import NOT_LINEAR, Source
from ._regex_syntax import (
    ANY,
    ASCII,
    ASSERTION,
    BOUNDARY,
    BOUNDARY_TO_ASCII,
    CATEGORY,
    CHARACTER,
    CHOICE,
    DOTALL,
    GROUP,
    IGNORECASE,
    LAST_LINE_END,
    LINE_END,
    LINE_START,
    LOCALE,
    MULTILINE,
    NO_BOUNDARY,
    NO_GROUP,
    REPEAT,
    SEQUENCE,
    SET,
    TEXT_END,
    TEXT_START,
    TO_ASCII,
    UNICODE,
    UNLIMITED,
    VERBOSE,
    Node,
    Parsed,
)

_FLAGS: Final = "iLmsuxa"  # in the order of their numbers, from 2 on; DEBUG has none
_TYPE_FLAGS: Final = ASCII | LOCALE | UNICODE
_CATEGORIES: Final = "dDsSwW"  # in the order of their numbers
_DIGITS: Final = "0123456789"
_QUANTIFIERS: Final = "*+?{"
_SPACES: Final = " \t\n\r\v\f"
_NOT_A_CHARACTER: Final = -1

# A pattern that is larger than this is refused: memory is bounded by it.
MOST_REPEATED: Final = 10_000
MOST_NESTED: Final = 100


def parse(pattern: str | bytes, flags: int) -> Parsed:
    """Read a pattern.

    Raises:
        error: it is none, or cannot be matched in linear time.
        ValueError: flags that do not go together.
    """
    parser = _Parser(pattern, flags)
    root = parser.all()
    checked = _checked_flags(parser.flags, is_text=isinstance(pattern, str))
    return Parsed(root, checked, parser.names)


def _checked_flags(flags: int, is_text: bool) -> int:
    if is_text:
        if flags & LOCALE:
            raise ValueError("cannot use LOCALE flag with a str pattern")
        if flags & ASCII and flags & UNICODE:
            raise ValueError("ASCII and UNICODE flags are incompatible")
        return flags if flags & ASCII else flags | UNICODE
    if flags & UNICODE:
        raise ValueError("cannot use UNICODE flag with a bytes pattern")
    if flags & LOCALE:
        raise ValueError("LOCALE is not in the dialect")
    return flags


def _flag(letter: str) -> int:
    return ASCII if letter == "a" else IGNORECASE << _FLAGS.find(letter)


class _Parser:
    """One pass over a pattern.

    Attributes:
        flags: Of the whole pattern.
        names: Of each group, "" when it has none.
    """

    def __init__(self, pattern: str | bytes, flags: int) -> None:
        self.flags = flags
        self.names: list[str] = []
        self._source = Source(pattern)
        self._nested = 0

    def all(self) -> Node:
        root = self._choice(self.flags, True)
        if self._source.next != "":
            raise self._source.error("unbalanced parenthesis", 0)
        return root

    def _choice(self, flags: int, is_outermost: bool) -> Node:
        """Parts with `|` between them."""
        first = self._sequence(flags, is_outermost)
        if is_outermost:
            flags = self.flags
        if self._source.next != "|":
            return first
        choice = Node(CHOICE, 0, flags)
        choice.parts.append(first)
        while self._source.skip("|"):
            choice.parts.append(self._sequence(flags, False))
        return choice

    def _sequence(self, flags: int, may_set_flags: bool) -> Node:
        source = self._source
        sequence = Node(SEQUENCE, 0, flags)
        parts = sequence.parts
        while True:
            token = source.next
            if token in ("", "|", ")"):
                return sequence
            start = source.place
            source.get()
            if flags & VERBOSE and (token in _SPACES or token == "#"):
                if token == "#":
                    self._skip_line()
            elif token in _QUANTIFIERS:
                self._repeat(sequence, token, start, flags)
            elif token == "(":
                if not source.skip("?"):
                    parts.append(self._group("", flags, start))
                elif source.skip("#"):
                    self._skip_comment(start)
                else:
                    node = self._extension(flags, start, may_set_flags and not parts)
                    if node is None:
                        flags = self.flags
                    else:
                        parts.append(node)
            else:
                parts.append(self._simple(token, start, flags))

    def _simple(self, token: str, start: int, flags: int) -> Node:
        """A part that has no parts of its own."""
        if token[0] == "\\":
            return self._escape(token, flags)
        if token == ".":
            return Node(ANY, 1 if flags & DOTALL else 0, flags)
        if token == "^":
            return Node(ASSERTION, LINE_START if flags & MULTILINE else TEXT_START, flags)
        if token == "$":
            return Node(ASSERTION, LINE_END if flags & MULTILINE else LAST_LINE_END, flags)
        if token == "[":
            return self._set(start, flags)
        return Node(CHARACTER, ord(token), flags)

    def _skip_line(self) -> None:
        while self._source.get() not in ("", "\n"):
            pass

    def _skip_comment(self, start: int) -> None:
        source = self._source
        while True:
            if source.next == "":
                raise source.error("missing ), unterminated comment", source.place - start)
            if source.get() == ")":
                return

    # Escapes and sets.

    def _category(self, letter: str, flags: int) -> int:
        category = _CATEGORIES.find(letter)
        return category if self._is_unicode(flags) else category + TO_ASCII

    def _is_unicode(self, flags: int) -> bool:
        return self._source.is_text and not flags & ASCII

    def _escape(self, escape: str, flags: int) -> Node:
        letter = escape[1]
        if letter in _CATEGORIES:
            node = Node(SET, 0, flags)
            node.ranges = [CATEGORY, self._category(letter, flags)]
            return node
        if letter == "A":
            return Node(ASSERTION, TEXT_START, flags)
        if letter == "Z":
            return Node(ASSERTION, TEXT_END, flags)
        if letter in ("b", "B"):
            assertion = BOUNDARY if letter == "b" else NO_BOUNDARY
            if not self._is_unicode(flags):
                assertion += BOUNDARY_TO_ASCII
            return Node(ASSERTION, assertion, flags)
        character = self._source.character(escape)
        if character == _NOT_A_CHARACTER:
            character = self._source.octal_or_reference(escape)
        return Node(CHARACTER, character, flags)

    def _set(self, start: int, flags: int) -> Node:
        source = self._source
        node = Node(SET, 1 if source.skip("^") else 0, flags)
        ranges = node.ranges
        while True:
            low_token = self._set_token(start)
            if low_token == "]" and ranges:
                return node
            low = self._set_character(low_token, ranges, flags)
            if not source.skip("-"):
                if low != _NOT_A_CHARACTER:
                    ranges += [low, low]
                continue
            high_token = self._set_token(start)
            if high_token == "]":
                if low != _NOT_A_CHARACTER:
                    ranges += [low, low]
                ranges += [ord("-"), ord("-")]
                return node
            high = self._set_character(high_token, ranges, flags)
            if _NOT_A_CHARACTER in (low, high) or high < low:
                text = f"{low_token}-{high_token}"
                raise source.error(f"bad character range {text}", len(text))
            ranges += [low, high]

    def _set_token(self, start: int) -> str:
        source = self._source
        token = source.get()
        if token == "":
            raise source.error("unterminated character set", source.place - start)
        return token

    def _set_character(self, token: str, ranges: list[int], flags: int) -> int:
        """The character of a token, or _NOT_A_CHARACTER: then its category is in `ranges`."""
        if token[0] != "\\":
            return ord(token)
        letter = token[1]
        if letter in _CATEGORIES:
            ranges += [CATEGORY, self._category(letter, flags)]
            return _NOT_A_CHARACTER
        character = self._source.character(token)
        return self._source.set_octal(token) if character == _NOT_A_CHARACTER else character

    # Repetitions.

    def _repeat(self, sequence: Node, token: str, start: int, flags: int) -> None:
        source = self._source
        least = 0
        most = UNLIMITED
        if token == "?":
            most = 1
        elif token == "+":
            least = 1
        elif token == "{":
            counts = self._counts(start)
            if counts is None:
                sequence.parts.append(Node(CHARACTER, ord("{"), flags))
                return
            least, most = counts
        back = source.place - start
        if not sequence.parts or sequence.parts[-1].kind == ASSERTION:
            raise source.error("nothing to repeat", back)
        body = sequence.parts[-1]
        if body.kind == REPEAT:
            raise source.error("multiple repeat", back)
        node = Node(REPEAT, least, flags)
        node.most = most
        if source.skip("?"):
            node.lazy = True
        elif source.next == "+":
            raise source.error(f"possessive quantifier: {NOT_LINEAR}", back)
        node.parts.append(body)
        sequence.parts[-1] = node

    def _counts(self, start: int) -> tuple[int, int] | None:
        """What stands in braces; None when it is not for repeating."""
        source = self._source
        behind_brace = source.place
        if source.next == "}":
            return None
        low = source.get_while(20, _DIGITS)
        high = source.get_while(20, _DIGITS) if source.skip(",") else low
        if not source.skip("}"):
            source.go_to(behind_brace)
            return None
        least = self._count(low, start) if low else 0
        most = self._count(high, start) if high else UNLIMITED
        if most != UNLIMITED and most < least:
            message = "min repeat greater than max repeat"
            raise source.error(message, source.place - behind_brace)
        return least, most

    def _count(self, digits: str, start: int) -> int:
        source = self._source
        count = int(digits)
        if count > MOST_REPEATED:
            message = f"the repetition number is too large: at most {MOST_REPEATED}"
            raise source.error(message, source.place - start)
        return count

    # Groups.

    def _group(self, name: str, flags: int, start: int) -> Node:
        """The rest of a group that keeps what it matches."""
        number = len(self.names) + 1
        for other in range(1, number):
            if name != "" and name == self.names[other - 1]:
                message = (
                    f"redefinition of group name {name!r} as group {number}; was group {other}"
                )
                raise self._source.error(message, len(name) + 1)
        self.names.append(name)
        return self._closed(number, flags, start)

    def _closed(self, number: int, flags: int, start: int) -> Node:
        if self._nested == MOST_NESTED:
            message = f"the pattern is too large: more than {MOST_NESTED} nested groups"
            raise self._source.error(message, self._source.place - start)
        node = Node(GROUP, number, flags)
        self._nested += 1
        node.parts.append(self._choice(flags, False))
        self._nested -= 1
        if not self._source.skip(")"):
            message = "missing ), unterminated subpattern"
            raise self._source.error(message, self._source.place - start)
        return node

    def _extension(self, flags: int, start: int, may_set_flags: bool) -> Node | None:
        """What begins with `(?`; None when it was flags for the whole pattern."""
        source = self._source
        token = source.get()
        if token == "":
            raise source.error("unexpected end of pattern", 0)
        if token == "P":
            return self._named(flags, start)
        if token == ":":
            return self._closed(NO_GROUP, flags, start)
        if token in ("=", "!"):
            raise source.error(f"lookahead (?{token}: {NOT_LINEAR}", source.place - start)
        if token == "<":
            return self._lookbehind(start)
        if token == "(":
            raise source.error(f"conditional group: {NOT_LINEAR}", source.place - start)
        if token == ">":
            raise source.error(f"atomic group: {NOT_LINEAR}", source.place - start)
        if token == "-" or token in _FLAGS:
            changed = self._changed_flags(token, flags)
            if changed is not None:
                return self._closed(NO_GROUP, changed, start)
            if not may_set_flags:
                message = "global flags not at the start of the expression"
                raise source.error(message, source.place - start)
            return None
        raise source.error(f"unknown extension ?{token}", len(token) + 1)

    def _named(self, flags: int, start: int) -> Node:
        source = self._source
        if source.skip("<"):
            return self._group(source.group_name(">"), flags, start)
        if source.next == "=":
            raise source.error(f"backreference (?P=: {NOT_LINEAR}", source.place - start)
        token = source.get()
        if token == "":
            raise source.error("unexpected end of pattern", 0)
        raise source.error(f"unknown extension ?P{token}", len(token) + 2)

    def _lookbehind(self, start: int) -> Node:
        source = self._source
        token = source.get()
        if token == "":
            raise source.error("unexpected end of pattern", 0)
        if token in ("=", "!"):
            raise source.error(f"lookbehind (?<{token}: {NOT_LINEAR}", source.place - start)
        raise source.error(f"unknown extension ?<{token}", len(token) + 2)

    def _changed_flags(self, token: str, flags: int) -> int | None:
        """What holds in a group with flags; None when they are for the whole pattern."""
        source = self._source
        added = 0
        removed = 0
        if token != "-":
            while True:
                added = self._added(added, _flag(token))
                token = self._flag_token("missing -, : or )")
                if token in (")", "-", ":"):
                    break
                self._expect_flag(token, "missing -, : or )")
        if token == ")":
            self.flags |= added
            return None
        if token == "-":
            token = self._flag_token("missing flag")
            self._expect_flag(token, "missing flag")
            while token != ":":
                flag = _flag(token)
                if flag & _TYPE_FLAGS:
                    message = "bad inline flags: cannot turn off flags 'a', 'u' and 'L'"
                    raise source.error(message, 0)
                removed |= flag
                token = self._flag_token("missing :")
                if token != ":":
                    self._expect_flag(token, "missing :")
        if added & removed:
            raise source.error("bad inline flags: flag turned on and off", 1)
        if added & _TYPE_FLAGS:
            flags &= ~_TYPE_FLAGS
        return (flags | added) & ~removed

    def _added(self, added: int, flag: int) -> int:
        source = self._source
        if flag == LOCALE and source.is_text:
            message = "bad inline flags: cannot use 'L' flag with a str pattern"
            raise source.error(message, 0)
        if flag == UNICODE and not source.is_text:
            message = "bad inline flags: cannot use 'u' flag with a bytes pattern"
            raise source.error(message, 0)
        added |= flag
        if flag & _TYPE_FLAGS and added & _TYPE_FLAGS != flag:
            message = "bad inline flags: flags 'a', 'u' and 'L' are incompatible"
            raise source.error(message, 0)
        return added

    def _flag_token(self, missing: str) -> str:
        token = self._source.get()
        if token == "":
            raise self._source.error(missing, 0)
        return token

    def _expect_flag(self, token: str, missing: str) -> None:
        if token not in _FLAGS:
            message = "unknown flag" if token.isalpha() else missing
            raise self._source.error(message, len(token))
