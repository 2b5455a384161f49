"""Lists of endpoints from outside of the mesh file: from a file, or from an HTTP API.

Both hold what `endpoints` of a service holds:

    ["10.0.0.1:8080", {"address": "10.0.0.2", "port": 8080, "weight": 3}]
"""

import json
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from mixer2.mesh.document import Document
from mixer2.mesh.errors import InvalidMesh, SourceFailed
from mixer2.mesh.schema import services
from mixer2.xds.builders.endpoint import Endpoint

MOST_BYTES = 16 << 20

_LIST: TypeAdapter[list[services.Endpoint]] = TypeAdapter(services.Endpoints)


def endpoints_of(declared: list[services.Endpoint]) -> tuple[Endpoint, ...]:
    """Return endpoints as resources are built from them."""
    return tuple(Endpoint(one.address, one.port, one.weight) for one in declared)


def parse_endpoints(content: bytes, source: str) -> tuple[Endpoint, ...]:
    """Read a JSON list of endpoints.

    Args:
        content: The JSON.
        source: Where it is from, for messages.

    Raises:
        SourceFailed: it is no such list.
    """
    try:
        return endpoints_of(_LIST.validate_python(json.loads(content)))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = "".join(f"[{step}]" for step in first["loc"])
        raise SourceFailed(f"{source}: {place} {first['msg']}") from error
    except (ValueError, RecursionError) as error:
        raise SourceFailed(f"{source}: no JSON: {error}") from error


def read_endpoints(path: Path) -> tuple[Endpoint, ...]:
    """Read a file of endpoints, JSON or YAML by its suffix.

    Raises:
        SourceFailed: it cannot be read, is larger than 16 MiB, or is no list of endpoints.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise SourceFailed(f"{path}: {error.strerror}") from error
    if len(content) > MOST_BYTES:
        raise SourceFailed(f"{path}: larger than {MOST_BYTES >> 20} MiB")
    if path.suffix == ".json":
        return parse_endpoints(content, str(path))
    try:
        data = Document.read(path).data
    except InvalidMesh as error:
        raise SourceFailed(str(error)) from error
    return parse_endpoints(json.dumps(data).encode(), str(path))
