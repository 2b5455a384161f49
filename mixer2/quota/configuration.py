"""The file of limits: YAML to `Limits`, with the place of every mistake.

    domain: edge
    descriptors:
    - key: user
      rate_limit: {unit: minute, requests_per_unit: 100}
    - key: user
      value: batch
      rate_limit: {unit: hour, requests_per_unit: 10000}

The format is the one of Envoy's reference rate limit service, so its files work here. A file may
hold several documents, one for each domain.
"""

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError

from mixer2.quota.errors import InvalidLimits
from mixer2.quota.limits import Limit, Limits, Node, Unit

_MAX_REQUESTS = 2**32 - 1
"""The protocol counts in 32 bits."""

_UnitName = Literal["second", "minute", "hour", "day", "week", "month", "year"]


class _RateLimit(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    unit: _UnitName
    requests_per_unit: Annotated[int, Field(ge=0, le=_MAX_REQUESTS)]


class _Descriptor(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    key: Annotated[str, Field(min_length=1)]
    value: str | None = None
    rate_limit: _RateLimit | None = None
    descriptors: list["_Descriptor"] = []

    def node(self) -> Node:
        limit = self.rate_limit
        return Node(
            self.key,
            self.value,
            None if limit is None else Limit(limit.requests_per_unit, Unit[limit.unit.upper()]),
            tuple(one.node() for one in self.descriptors),
        )


class _Domain(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    domain: Annotated[str, Field(min_length=1)]
    descriptors: list[_Descriptor] = []


def read_limits(path: Path) -> Limits:
    """Read a file.

    Raises:
        InvalidLimits: it cannot be read, is not YAML, or says what has no meaning; with file, line
            and column.
    """
    try:
        text = path.read_text()
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidLimits(f"{path}: {error}") from error
    return parse_limits(text, str(path))


def parse_limits(text: str, name: str) -> Limits:
    """Limits of a text; `name` is what errors call it. Raises as `read_limits`."""
    try:
        documents = list(YAML(typ="rt", pure=True).load_all(text))
    except MarkedYAMLError as error:
        mark = error.problem_mark
        place = f"{name}:{mark.line + 1}:{mark.column + 1}" if mark else name
        raise InvalidLimits(f"{place}: {error.problem}") from error
    mistakes: list[str] = []
    domains: dict[str, tuple[Node, ...]] = {}
    for document in documents:
        try:
            domain = _Domain.model_validate(document)
        except ValidationError as error:
            mistakes += [_mistake(name, document, dict(one)) for one in error.errors()]
            continue
        if domain.domain in domains:
            line, column = _place(document, ("domain",))
            mistakes.append(f"{name}:{line}:{column}: domain {domain.domain} stands twice")
        mistakes += _repeated(name, document, domain.descriptors, ())
        domains[domain.domain] = tuple(one.node() for one in domain.descriptors)
    if not documents:
        mistakes.append(f"{name}: there are no limits in it")
    if mistakes:
        raise InvalidLimits("\n".join(mistakes))
    return Limits(domains)


def _repeated(
    name: str, document: Any, descriptors: list[_Descriptor], path: tuple[str | int, ...]
) -> list[str]:
    """Descriptors that stand beside an equal one, which would never be met."""
    mistakes: list[str] = []
    seen: set[tuple[str, str | None]] = set()
    for index, one in enumerate(descriptors):
        here = (*path, "descriptors", index)
        if (one.key, one.value) in seen:
            line, column = _place(document, (*here, "key"))
            shown = one.key if one.value is None else f"{one.key}: {one.value}"
            mistakes.append(f"{name}:{line}:{column}: descriptor {shown} stands twice")
        seen.add((one.key, one.value))
        mistakes += _repeated(name, document, one.descriptors, here)
    return mistakes


def _mistake(name: str, document: Any, error: dict[str, Any]) -> str:
    path: tuple[str | int, ...] = error["loc"]
    line, column = _place(document, path)
    where = ".".join(str(part) for part in path)
    reason = "expected a mapping" if error["type"] == "model_type" else error["msg"]
    return f"{name}:{line}:{column}: {where + ': ' if where else ''}{reason}"


def _place(document: Any, path: tuple[str | int, ...]) -> tuple[int, int]:
    """Line and column, from 1, of the last part of a path that is there."""
    line, column = 0, 0
    here = document
    if isinstance(here, CommentedMap | CommentedSeq):
        line, column = here.lc.line, here.lc.col
    for part in path:
        if isinstance(here, CommentedMap) and part in here:
            line, column = here.lc.key(part)
        elif isinstance(here, CommentedSeq) and isinstance(part, int) and part < len(here):
            line, column = here.lc.item(part)
        else:
            break
        here = here[part]
    return line + 1, column + 1
