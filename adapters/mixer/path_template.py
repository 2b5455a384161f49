"""The producer `path_template`: paths to the few patterns that they follow.

    /users/{id}        one segment in the place of {id}
    /files/{rest=**}   everything below /files, at least one segment

The query does not count. The first pattern that fits is the value, as it is written.
"""

from typing import Final

from adapters.mixer.bag import AttributeBag
from adapters.mixer.producer import Producer, ProducerKind
from adapters.mixer.scope import Scope
from pal.config import Config
from pal.text import before

_REST: Final = "=**}"
_EMPTY: Final = "\0"
"""Stands for an empty segment, as at the end of `/users/`: `{id}` does not fit it."""

_MOST_SEGMENTS: Final = 64


class PathTemplateKind(ProducerKind):
    """The kind `path_template`."""

    def __init__(self) -> None:
        super().__init__("path_template")

    def create(self, section: Config, scope: Scope) -> Producer:
        """Read the patterns, in their order."""
        patterns = section.get_str_or_list("path_template")
        if not patterns:
            raise section.refusal("path_template", "expected patterns, got none")
        templates: list[_Template] = []
        for index in range(len(patterns)):
            template = _Template(patterns[index])
            if template.problem:
                raise section.refusal(f"path_template[{index}]", template.problem)
            templates.append(template)
        return _PathTemplates(templates)


class _Template:
    """A pattern, cut into its segments; a segment that may be anything is empty."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.problem = ""
        self.takes_rest = False
        self.segments: list[str] = []
        if not pattern.startswith("/"):
            self.problem = f"expected a path that starts with '/', got '{pattern}'"
            return
        for segment in pattern[1:].split("/"):
            self._add(segment)
        if len(self.segments) > _MOST_SEGMENTS:
            self.problem = f"more than {_MOST_SEGMENTS} segments"

    def fits(self, segments: list[str]) -> bool:
        """Whether a path's segments follow the pattern."""
        if self.takes_rest:
            if len(segments) <= len(self.segments):
                return False
        elif len(segments) != len(self.segments):
            return False
        for index in range(len(self.segments)):
            wanted = self.segments[index]
            if wanted != segments[index] and (wanted or segments[index] == _EMPTY):
                return False
        return True

    def _add(self, segment: str) -> None:
        if self.takes_rest:
            self.problem = "nothing may follow '{name=**}'"
        elif segment.startswith("{") and segment.endswith(_REST):
            self.takes_rest = True
        elif segment.startswith("{") and segment.endswith("}") and len(segment) > 2:
            self.segments.append("")
        elif "{" in segment or "}" in segment:
            self.problem = f"expected {{name}}, {{name=**}} or plain text, got '{segment}'"
        else:
            self.segments.append(segment or _EMPTY)


class _PathTemplates(Producer):
    def __init__(self, templates: list[_Template]) -> None:
        super().__init__()
        self._templates = templates

    def produce(self, bag: AttributeBag) -> str | None:
        path = bag.path()
        if path is None or not path.startswith("/"):
            return None
        segments = before(path[1:], "?").split("/", _MOST_SEGMENTS)
        for index in range(len(segments)):
            if not segments[index]:
                segments[index] = _EMPTY
        for template in self._templates:
            if template.fits(segments):
                return template.pattern
        return None
