"""docs/mesh.md says what holds."""

from pathlib import Path

from mixer2.mesh.document import Document
from mixer2.mesh.read import mesh_of
from mixer2.mesh.reference import with_reference
from mixer2.mesh.schema.mesh import Mesh
from tests.mesh.example import DOCUMENT, example


def test_the_example_is_a_mesh_and_has_every_part() -> None:
    mesh, _ = mesh_of(Document.parse(example(), Path("mesh.yaml")))
    assert set(Mesh.model_fields) == mesh.model_fields_set


def test_the_mesh_of_the_tutorial_is_a_mesh() -> None:
    text = (DOCUMENT.with_name("tutorial.md")).read_text(encoding="utf-8")
    shown = text.partition("```yaml\n# mesh.yaml\n")[2].partition("```")[0]

    mesh, _ = mesh_of(Document.parse(shown, Path("mesh.yaml")))

    assert mesh.filters["rate"].code.name == "rate_per_key.py"


def test_the_table_of_keys_is_that_of_the_schema() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    assert with_reference(text) == text, "run: python -m mixer2.mesh.reference docs/mesh.md"


def test_the_table_has_all_keys_with_a_description() -> None:
    rows = [line for line in with_reference("").splitlines() if line.startswith("| `")]
    assert len(rows) > 130
    assert [row for row in rows if not row.rstrip(" |").strip() or row.endswith("|  |")] == []
