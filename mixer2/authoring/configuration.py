"""The plugin's configuration, from a file to the bytes that the plugin reads."""

import json
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError

from mixer2.authoring.errors import RunError


def read_configuration(path: Path | None) -> bytes:
    """Read a configuration file: YAML becomes JSON, everything else goes as it is.

    Raises:
        RunError: the file cannot be read, or is not YAML; with file, line and column.
    """
    if path is None:
        return b""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise RunError(f"{path}: {error.strerror}") from error
    if path.suffix not in (".yaml", ".yml"):
        return content
    try:
        value = YAML(typ="safe", pure=True).load(content)
    except MarkedYAMLError as error:
        mark = error.problem_mark
        place = f"{path}:{mark.line + 1}:{mark.column + 1}" if mark else str(path)
        raise RunError(f"{place}: {error.problem}") from error
    try:
        return json.dumps(value).encode()
    except TypeError as error:
        raise RunError(f"{path}: {error}; a configuration is made of JSON's types") from error
