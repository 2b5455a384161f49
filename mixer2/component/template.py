"""The template: the machine code of every component that one componentize-py makes for our world.

componentize-py gives two filters the same code; they differ in the snapshot, which is the data of
one module. So the code is merged into a core module once, when the template is built, and a
filter's module is the template with the filter's data put in (`pack`).

The file is a ZIP archive: `template.json`, `plugin.wit`, `code.wasm`.
"""

import hashlib
import io
import json
import zipfile
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Final

from mixer2.component.component_format import Component
from mixer2.component.errors import TemplateMismatchError
from mixer2.component.flatten import is_adapter, main_module
from mixer2.component.wasm_format import CUSTOM, DATA, MEMORIES, sections

TEMPLATE: Final = Path(__file__).parent / "template.zip"

GLUE_PAGE: Final = 1024
"""First page of the glue's own data, behind every snapshot: 64 MiB. Unused pages cost nothing."""

_TIMESTAMP: Final = (1980, 1, 1, 0, 0, 0)
_META, _WIT, _CODE = "template.json", "plugin.wit", "code.wasm"


@dataclass(frozen=True, slots=True)
class Meta:
    """What a template belongs to.

    Attributes:
        componentize_py: The one version whose components fit.
        code: Digest of these components' code.
        removed: Modules of the standard library that it lacks.
        sources: Digest of what it was built from.
    """

    componentize_py: str
    code: str
    removed: list[str]
    sources: str


@dataclass(frozen=True, slots=True)
class Template:
    """A template.

    Attributes:
        meta: What it belongs to.
        wit: Text of the world.
        code: A core module that lacks the snapshot.
    """

    meta: Meta
    wit: str
    code: bytes

    def check_version(self, installed: str) -> None:
        """Refuse another componentize-py before it is run.

        Raises:
            TemplateMismatchError: it is another.
        """
        if installed != self.meta.componentize_py:
            raise TemplateMismatchError(
                f"the template of profile cpython belongs to componentize-py "
                f"{self.meta.componentize_py}, and {installed} is installed: "
                f"pip install 'mixer2[cpython]'"
            )

    def check_code(self, component: Component) -> None:
        """Refuse a component of other code.

        Raises:
            TemplateMismatchError: it is of other code.
        """
        found = code_digest(component)
        if found != self.meta.code:
            raise TemplateMismatchError(
                f"componentize-py {self.meta.componentize_py} made other code than the template "
                f"was built from (SHA-256 {found[:16]}, not {self.meta.code[:16]}): its WIT or its "
                f"release differs; maintainers run `make artefacts`"
            )


def code_digest(component: Component) -> str:
    """SHA-256, hexadecimal, of all that two filters' components have in common.

    That is everything but the snapshot, how much memory it takes, and the adapter's variables.
    """
    main = main_module(component)
    digest = hashlib.sha256()
    for index, wasm in enumerate(component.modules):
        if is_adapter(wasm):
            continue
        for kind, content in sections(wasm):
            is_snapshot = index == main and kind in (MEMORIES, DATA)
            if kind != CUSTOM and not is_snapshot:
                digest.update(f"{index} {kind} {len(content)} ".encode())
                digest.update(content)
    return digest.hexdigest()


def write_template(path: Path, template: Template) -> None:
    """Write a template; the same one gives the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_LZMA) as archive:
        for name, content in (
            (_META, json.dumps(asdict(template.meta), indent=1).encode()),
            (_WIT, template.wit.encode()),
            (_CODE, template.code),
        ):
            entry = zipfile.ZipInfo(name, _TIMESTAMP)
            entry.compress_type = zipfile.ZIP_LZMA
            archive.writestr(entry, content)
    path.write_bytes(buffer.getvalue())


def read_template(path: Path) -> Template:
    """Read a template.

    Raises:
        TemplateMismatchError: the file is no template.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            meta = Meta(**json.loads(archive.read(_META)))
            return Template(meta, archive.read(_WIT).decode(), archive.read(_CODE))
    except (OSError, KeyError, TypeError, ValueError, zipfile.BadZipFile) as error:
        raise TemplateMismatchError(f"{path}: no template of profile cpython: {error}") from error


@cache
def shipped_template() -> Template:
    """The template that comes with mixer2."""
    return read_template(TEMPLATE)
