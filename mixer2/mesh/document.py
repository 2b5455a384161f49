"""A YAML document as plain data, and where in the file each part of it stands.

Bounded: a file is at most 1 MiB, nested 64 deep, and 200,000 values large once its aliases are
followed. Large lists of endpoints belong into files of their own, which services name.
"""

from collections.abc import Sequence
from io import StringIO
from pathlib import Path
from typing import Any, TypeAlias

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from mixer2.mesh.errors import InvalidMesh, Problem

Location: TypeAlias = Sequence[int | str]
"""A way into the data: keys of mappings and indices of lists."""

MOST_BYTES = 1 << 20
_MOST_VALUES = 200_000
_MOST_DEPTH = 64
_TAG = "tag:yaml.org,2002:"


class Document:
    """A YAML file that was read.

    Attributes:
        path: The file.
        data: dicts, lists, strings, numbers, booleans and None.
    """

    def __init__(self, path: Path, root: Node | None) -> None:
        self.path = path
        self._root = root
        self._values = 0
        self._problems: list[Problem] = []
        self.data: Any = self._construct(root, ()) if root is not None else {}
        if self._problems:
            raise InvalidMesh(self._problems)

    @classmethod
    def read(cls, path: Path) -> "Document":
        """Read a file.

        Raises:
            InvalidMesh: it cannot be read, is too large, or is no YAML.
        """
        try:
            with path.open("rb") as file:
                content = file.read(MOST_BYTES + 1)
        except OSError as error:
            raise InvalidMesh([Problem(path, 0, 0, error.strerror or str(error))]) from error
        if len(content) > MOST_BYTES:
            what = (
                f"is larger than {MOST_BYTES >> 20} MiB; put long lists of endpoints into files "
                "of their own (services.NAME.file)"
            )
            raise InvalidMesh([Problem(path, 0, 0, what)])
        try:
            return cls.parse(content.decode(), path)
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            column = error.start - content.rfind(b"\n", 0, error.start)
            raise InvalidMesh([Problem(path, line, column, "is not UTF-8")]) from error

    @classmethod
    def parse(cls, text: str, path: Path) -> "Document":
        """Read YAML text as if it stood in `path`.

        Raises:
            InvalidMesh: it is no YAML, or more of it than is allowed.
        """
        try:
            return cls(path, YAML(typ="safe", pure=True).compose(StringIO(text)))
        except MarkedYAMLError as error:
            raise InvalidMesh([_syntax(path, error)]) from error
        except RecursionError:
            raise InvalidMesh([Problem(path, 0, 0, "is nested too deeply")]) from None
        except YAMLError as error:
            what = f"is no YAML: {' '.join(str(error).split())}"
            raise InvalidMesh([Problem(path, 0, 0, what)]) from error

    def problem(self, location: Location, what: str, *, at_key: bool = False) -> Problem:
        """Describe something wrong with the value at `location`, or with its key."""
        mark = self._find(location, at_key=at_key)
        return Problem(self.path, mark[0], mark[1], what)

    def value(self, location: Location) -> Any:
        """The data at `location`; None when there is nothing."""
        found = self.data
        for step in location:
            try:
                found = found[step]
            except (KeyError, IndexError, TypeError):
                return None
        return found

    def _find(self, location: Location, *, at_key: bool) -> tuple[int, int]:
        """Line and column, from 1, of the part of `location` that is there."""
        node, found = self._root, self._root
        for step in location:
            node, key = _child(node, step)
            if node is None:
                break
            found = key if at_key and key is not None else node
        if found is None:
            return 1, 1
        return found.start_mark.line + 1, found.start_mark.column + 1

    def _construct(self, node: Node, above: tuple[Node, ...]) -> Any:
        self._values += 1
        if node in above:
            return self._refuse(node, "an alias of what contains it")
        if len(above) >= _MOST_DEPTH:
            return self._refuse(node, f"nested more than {_MOST_DEPTH} deep")
        if self._values > _MOST_VALUES:
            what = f"more than {_MOST_VALUES} values, those behind aliases included"
            raise InvalidMesh([self._refusal(node, what)])
        if isinstance(node, MappingNode):
            return self._mapping(node, (*above, node))
        if isinstance(node, SequenceNode):
            return [self._construct(one, (*above, node)) for one in node.value]
        return self._scalar(node)

    def _mapping(self, node: MappingNode, above: tuple[Node, ...]) -> dict[str, Any]:
        mapping: dict[str, Any] = {}
        for key, value in node.value:
            if not isinstance(key, ScalarNode) or key.tag == _TAG + "merge":
                self._refuse(key, "expected a plain key")
                continue
            if key.value in mapping:
                self._refuse(key, f"{key.value!r} is there twice")
            mapping[key.value] = self._construct(value, above)
        return mapping

    def _scalar(self, node: Node) -> Any:
        text: str = node.value
        match str(node.tag).removeprefix(_TAG):
            case "null":
                return None
            case "bool":
                return text.lower() == "true"
            case "int" | "float":
                try:
                    return _number(text)
                except ValueError:
                    return self._refuse(node, f"{text!r} is no number")
            case "str" | "timestamp":
                return text
        return self._refuse(node, f"{node.tag} is no type of a mesh file")

    def _refuse(self, node: Node, what: str) -> None:
        self._problems.append(self._refusal(node, what))

    def _refusal(self, node: Node, what: str) -> Problem:
        return Problem(self.path, node.start_mark.line + 1, node.start_mark.column + 1, what)


def _number(text: str) -> int | float:
    """Read a number of YAML 1.2: 10, 0o17, 0xff, 1.5, -.inf."""
    for base in (10, 0):
        try:
            return int(text, base)
        except ValueError:
            continue
    return float(text.lower().replace(".inf", "inf").replace(".nan", "nan"))


def _child(node: Node | None, step: int | str) -> tuple[Node | None, Node | None]:
    """The value at a key or index, and the key's node."""
    if isinstance(node, MappingNode):
        for key, value in node.value:
            if key.value == str(step):
                return value, key
    elif isinstance(node, SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step], None
    return None, None


def _syntax(path: Path, error: MarkedYAMLError) -> Problem:
    mark = error.problem_mark or error.context_mark
    what = " ".join(filter(None, [error.context, error.problem]))
    if mark is None:
        return Problem(path, 0, 0, what)
    return Problem(path, mark.line + 1, mark.column + 1, what)
