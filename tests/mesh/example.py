"""The example in docs/mesh.md."""

from pathlib import Path

DOCUMENT = Path(__file__).parents[2] / "docs" / "mesh.md"


def example() -> str:
    """The complete mesh file of the document."""
    text = DOCUMENT.read_text(encoding="utf-8")
    block = text.partition("<!-- example: begin -->")[2].partition("<!-- example: end -->")[0]
    return block.strip().removeprefix("```yaml\n").removesuffix("```")
