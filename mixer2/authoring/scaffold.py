"""A new filter: its source, its test, the schema of its configuration."""

import keyword
from importlib.resources import files
from pathlib import Path
from string import Template

from mixer2.authoring.errors import RunError

_TEMPLATES = {
    "{name}.py": "filter.py.txt",
    "test_{name}.py": "test.py.txt",
    "{name}.schema.json": "schema.json.txt",
}


def scaffold(name: str, folder: Path) -> list[Path]:
    """Write the files of a new filter.

    Args:
        name: Of the module: lower case, with underscores.
        folder: Where the files go; made when it is not there.

    Returns:
        What was written.

    Raises:
        RunError: the name does not do for a module, or a file exists already; nothing is written.
    """
    if not name.isidentifier() or keyword.iskeyword(name) or name != name.lower():
        raise RunError(f"{name!r} cannot be a module: expected a name like rate_limit")
    class_name = "".join(word.capitalize() for word in name.split("_"))
    texts = {
        folder / pattern.format(name=name): _template(template).substitute(
            name=name, dashed=name.replace("_", "-"), class_name=class_name
        )
        for pattern, template in _TEMPLATES.items()
    }
    for path in texts:
        if path.exists():
            raise RunError(f"{path} exists already; nothing was written")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path, text in texts.items():
            path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise RunError(f"{folder}: {error.strerror}") from error
    return list(texts)


def _template(name: str) -> Template:
    return Template((files("mixer2.authoring") / "templates" / name).read_text(encoding="utf-8"))
