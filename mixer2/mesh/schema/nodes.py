"""Selectors: which nodes something is for."""

from fnmatch import fnmatchcase
from typing import Annotated, Any, TypeAlias

from pydantic import BeforeValidator, Field, JsonValue

from mixer2.mesh.schema.base import Part, Texts
from mixer2.xds.messages import Node

LABELS = "labels"
"""The key of a node's metadata under which its labels stand."""


class LocalityPattern(Part):
    """Where a node runs; all that is given must match."""

    region: str | None = Field(None, description="Pattern of the node's region.")
    zone: str | None = Field(None, description="Pattern of its zone.")
    sub_zone: str | None = Field(None, description="Pattern of its sub-zone.")


class NodeSelector(Part):
    """Nodes by what they say of themselves; all that is given must match.

    In patterns `*` stands for any text.
    """

    id: Texts | None = Field(None, description="Patterns of node ids, one of which must match.")
    cluster: Texts | None = Field(None, description="Patterns of node clusters, one must match.")
    locality: LocalityPattern | None = Field(None, description="Where the node runs.")
    metadata: dict[str, JsonValue] | None = Field(
        None, description="Values in the node's metadata; dots lead into objects."
    )
    labels: dict[str, str] | None = Field(
        None, description="Patterns of values in the object `labels` of the node's metadata."
    )

    def matches(self, node: Node) -> bool:
        """Tell whether a node is selected."""
        return (
            _one_of(self.id, node.id)
            and _one_of(self.cluster, node.cluster)
            and self._locality_matches(node)
            and all(
                _at(node.metadata, path.split(".")) == value
                for path, value in (self.metadata or {}).items()
            )
            and all(
                _fits(pattern, _at(node.metadata, [LABELS, name]))
                for name, pattern in (self.labels or {}).items()
            )
        )

    def _locality_matches(self, node: Node) -> bool:
        where = self.locality
        return where is None or (
            _fits(where.region, node.region)
            and _fits(where.zone, node.zone)
            and _fits(where.sub_zone, node.sub_zone)
        )


def _group(value: Any) -> Any:
    return value if isinstance(value, list) or value is None else [value]


NodeGroups: TypeAlias = Annotated[list[str] | None, BeforeValidator(_group)]
"""Names of node groups of the mesh, one or several; nodes of any of them. All nodes without it."""


def _one_of(patterns: list[str] | None, value: str) -> bool:
    return patterns is None or any(fnmatchcase(value, pattern) for pattern in patterns)


def _fits(pattern: str | None, value: Any) -> bool:
    return pattern is None or (isinstance(value, str) and fnmatchcase(value, pattern))


def _at(value: Any, path: list[str]) -> Any:
    for key in path:
        if not hasattr(value, "get"):
            return None
        value = value.get(key)
    return value
