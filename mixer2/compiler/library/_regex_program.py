"""From the tree of a regular expression to a program for build/runtime/regex.c.

The numbers are those of build/runtime/regex.h; build/runtime/regex_writer.c is the same in C.
"""

from typing import Final

from ._regex_syntax import (
    ANY,
    ASCII,
    ASSERTION,
    CATEGORY,
    CHARACTER,
    CHOICE,
    DIGIT,
    GROUP,
    IGNORECASE,
    NO_GROUP,
    REPEAT,
    SEQUENCE,
    SET,
    SPACE,
    TEXT_START,
    TO_ASCII,
    UNLIMITED,
    WORD,
    Node,
    Parsed,
    error,
)

_MATCH: Final = 0
_JUMP: Final = 1
_SPLIT: Final = 2
_SAVE: Final = 3
_ENTER: Final = 4
_REPEAT: Final = 5
_ASSERT: Final = 6
_CHAR: Final = 7
_ANY: Final = 8
_SET: Final = 9
_LAST: Final = 10

_FOLD_NONE: Final = 0
_FOLD_ASCII: Final = 1
_FOLD_UNICODE: Final = 2

_ANCHORED: Final = 1
_STARTS: Final = 2
_TEXT: Final = 4

# Words of a program; with them its memory is bounded, for any text.
MOST_WORDS: Final = 30_000
MOST_STATES: Final = 200_000
_TOO_LARGE: Final = "the pattern is too large: repeat less"
_DOTTED_I: Final = 0x130


def program(pattern: Parsed, source: str | bytes) -> bytes:
    """The program of a pattern.

    Raises:
        error: it is too large.
    """
    writer = _Writer(source)
    writer.node(_whole(pattern.root), 0)
    writer.emit([_MATCH])
    writer.waiting += 1
    slots = 2 * (len(pattern.names) + 1) + 1
    threads = writer.waiting * (writer.depth + 1)
    if max(len(writer.words) * (writer.depth + 1), threads * slots) > MOST_STATES:
        raise error(_TOO_LARGE, source, 0)
    flags = _TEXT if isinstance(source, str) else 0
    if _is_anchored(pattern.root):
        flags |= _ANCHORED
    first = _First(writer.words)
    if first.is_known:
        flags |= _STARTS
    return _little_endian([slots, writer.depth, threads, flags, *first.bits(), *writer.words])


def _whole(root: Node) -> Node:
    """All of a match is its group 0."""
    node = Node(GROUP, 0, root.flags)
    node.parts.append(root)
    return node


def _little_endian(words: list[int]) -> bytes:
    data: list[int] = []
    for word in words:
        data += [word & 0xFF, word >> 8 & 0xFF, word >> 16 & 0xFF, word >> 24 & 0xFF]
    return bytes(data)


def _is_anchored(node: Node) -> bool:
    """Whether every match starts at the beginning of the text."""
    if node.kind == ASSERTION:
        return node.number == TEXT_START
    if node.kind == GROUP:
        return _is_anchored(node.parts[0])
    if node.kind == SEQUENCE:
        return len(node.parts) > 0 and _is_anchored(node.parts[0])
    if node.kind == CHOICE:
        return all(_is_anchored(part) for part in node.parts)
    return False


def _can_be_empty(node: Node) -> bool:
    """Whether a part can match nothing."""
    if node.kind in (CHARACTER, ANY, SET):
        return False
    if node.kind == GROUP:
        return _can_be_empty(node.parts[0])
    if node.kind == REPEAT:
        return node.number == 0 or _can_be_empty(node.parts[0])
    if node.kind == CHOICE:
        return any(_can_be_empty(part) for part in node.parts)
    return all(_can_be_empty(part) for part in node.parts)


class _Writer:
    """Collects the instructions.

    Attributes:
        words: All of them.
        depth: How deep loops are nested whose body can match nothing.
        waiting: Instructions that wait for a character.
    """

    def __init__(self, source: str | bytes) -> None:
        self._source = source
        self.words: list[int] = []
        self.depth = 0
        self.waiting = 0

    def emit(self, words: list[int]) -> int:
        """Append an instruction; where it is."""
        place = len(self.words)
        self.words += words
        if len(self.words) > MOST_WORDS:
            raise error(_TOO_LARGE, self._source, 0)
        return place

    def node(self, node: Node, depth: int) -> None:
        """Write what a part does. `depth`: loops around it whose body can match nothing."""
        kind = node.kind
        if kind == SEQUENCE:
            for part in node.parts:
                self.node(part, depth)
        elif kind == CHARACTER:
            self._character(node)
        elif kind == ANY:
            self.emit([_ANY, node.number])
            self.waiting += 1
        elif kind == SET:
            fold = self._fold(node.flags)
            self.emit([_SET, node.number, fold, len(node.ranges) // 2, *node.ranges])
            self.waiting += 1
        elif kind == ASSERTION:
            self.emit([_ASSERT, node.number])
        elif kind == GROUP:
            self._group(node, depth)
        elif kind == CHOICE:
            self._choice(node, depth)
        elif kind == REPEAT:
            self._repeat(node, depth)

    def _fold(self, flags: int) -> int:
        if not flags & IGNORECASE:
            return _FOLD_NONE
        is_unicode = isinstance(self._source, str) and not flags & ASCII
        return _FOLD_UNICODE if is_unicode else _FOLD_ASCII

    def _character(self, node: Node) -> None:
        character = node.number
        fold = self._fold(node.flags)
        if fold == _FOLD_ASCII:
            if 0x41 <= character <= 0x5A:
                character += 0x20
            elif not 0x61 <= character <= 0x7A:
                fold = _FOLD_NONE
        elif fold == _FOLD_UNICODE:
            small = chr(character).lower()
            if character == _DOTTED_I:
                character = 0x69
            elif len(small) == 1:
                character = ord(small)
        self.emit([_CHAR, character, fold])
        self.waiting += 1

    def _group(self, node: Node, depth: int) -> None:
        if node.number == NO_GROUP:
            self.node(node.parts[0], depth)
            return
        self.emit([_SAVE, 2 * node.number])
        self.node(node.parts[0], depth)
        self.emit([_SAVE, 2 * node.number + 1])
        if node.number > 0:
            self.emit([_LAST, node.number])

    def _choice(self, node: Node, depth: int) -> None:
        jumps: list[int] = []
        for part in node.parts[:-1]:
            split = self.emit([_SPLIT, 0, 0])
            self.words[split + 1] = len(self.words)
            self.node(part, depth)
            jumps.append(self.emit([_JUMP, 0]))
            self.words[split + 2] = len(self.words)
        self.node(node.parts[-1], depth)
        for jump in jumps:
            self.words[jump + 1] = len(self.words)

    def _repeat(self, node: Node, depth: int) -> None:
        body = node.parts[0]
        for _ in range(node.number):
            start = len(self.words)
            self.node(body, depth)
            if len(self.words) == start:
                break
        can_be_empty = _can_be_empty(body)
        inner_depth = depth + 1 if can_be_empty else depth
        if node.most == UNLIMITED:
            self._loop(node, body, inner_depth, can_be_empty)
            return
        splits: list[int] = []
        repeats: list[int] = []
        for index in range(node.number, node.most):
            if index == node.number or not can_be_empty:
                splits.append(self._split(node.lazy))
            if can_be_empty:
                self._enter(inner_depth)
            self.node(body, inner_depth)
            if can_be_empty and index + 1 < node.most:
                repeats.append(self.emit([_REPEAT, inner_depth, 0, 0, 1 if node.lazy else 0]))
                self.words[repeats[-1] + 2] = len(self.words)
        for split in splits:
            self._leave(split, node.lazy)
        for repeat in repeats:
            self.words[repeat + 3] = len(self.words)

    def _loop(self, node: Node, body: Node, depth: int, can_be_empty: bool) -> None:
        split = self._split(node.lazy)
        if can_be_empty:
            enter = self._enter(depth)
            self.node(body, depth)
            end = self.emit([_REPEAT, depth, enter, 0, 1 if node.lazy else 0])
            self.words[end + 3] = len(self.words)
        else:
            self.node(body, depth)
            self.emit([_JUMP, split])
        self._leave(split, node.lazy)

    def _enter(self, depth: int) -> int:
        self.depth = max(self.depth, depth)
        return self.emit([_ENTER, depth])

    def _split(self, lazy: bool) -> int:
        """An instruction that goes on here or, later, to a place that is not known yet."""
        split = self.emit([_SPLIT, 0, 0])
        self.words[split + (2 if lazy else 1)] = len(self.words)
        return split

    def _leave(self, split: int, lazy: bool) -> None:
        """The other place of a split is here."""
        self.words[split + (1 if lazy else 2)] = len(self.words)


class _First:
    """The bytes that a match of a program can start with.

    Attributes:
        is_known: No match is empty.
    """

    def __init__(self, words: list[int]) -> None:
        self._words = words
        self._bits = [0] * 8
        self.is_known = True
        pending = [0]
        is_seen = [False] * len(words)
        while pending:
            place = pending.pop()
            if not is_seen[place]:
                is_seen[place] = True
                self._look(place, pending)

    def bits(self) -> list[int]:
        """Eight words, a bit for each byte."""
        return self._bits

    def _add(self, byte: int) -> None:
        self._bits[byte >> 5] = self._bits[byte >> 5] | 1 << (byte & 31)

    def _look(self, place: int, pending: list[int]) -> None:
        words = self._words
        op = words[place]
        if op == _MATCH:
            self.is_known = False
        elif op == _JUMP:
            pending.append(words[place + 1])
        elif op == _SPLIT:
            pending += [words[place + 1], words[place + 2]]
        elif op == _REPEAT:
            pending += [words[place + 2], words[place + 3]]
        elif op in (_SAVE, _LAST, _ENTER, _ASSERT):
            pending.append(place + 2)
        elif op == _CHAR and words[place + 1] < 0x80 and words[place + 2] == _FOLD_NONE:
            self._add(words[place + 1])
        else:
            # Beyond ASCII, a byte is a character or a part of one.
            for byte in range(0x100):
                if byte >= 0x80 or self._takes(place, byte):
                    self._add(byte)

    def _takes(self, place: int, character: int) -> bool:
        """Whether an instruction takes an ASCII character."""
        words = self._words
        if words[place] == _CHAR:
            wanted = words[place + 1]
            if words[place + 2] == _FOLD_NONE:
                return wanted == character
            return wanted in (character, character | 0x20) or wanted >= 0x80
        if words[place] == _ANY:
            return character != 0x0A or words[place + 1] == 1
        if words[place + 2] != _FOLD_NONE and words[place + 3] and self._is_letter(character):
            # A range of others may hold one that equals it.
            return True
        found = False
        end = place + 4 + 2 * words[place + 3]
        for pair in range(place + 4, end, 2):
            if words[pair] == CATEGORY:
                found = found or _is_in_category(character, words[pair + 1])
            else:
                found = found or words[pair] <= character <= words[pair + 1]
        return found != (words[place + 1] == 1)

    def _is_letter(self, character: int) -> bool:
        return chr(character).isalpha()


def _is_in_category(character: int, category: int) -> bool:
    kind = category % TO_ASCII & ~1
    if kind == DIGIT:
        found = 0x30 <= character <= 0x39
    elif kind == SPACE:
        # The separators 0x1c to 0x1f are spaces in a str, and not in bytes.
        separates = category < TO_ASCII and 0x1C <= character <= 0x1F
        found = character == 0x20 or 0x09 <= character <= 0x0D or separates
    else:
        found = kind == WORD and (character == 0x5F or chr(character).isalnum())
    return found != (category & 1 == 1)
