"""The example that has every kind of backend once."""

from pathlib import Path

from filters.mixer import Mixer
from mixer2.mesh.document import Document
from mixer2.mixer.check import check

EXAMPLE = Path(__file__).parents[2] / "examples/backends.yaml"


def test_it_is_right() -> None:
    assert check(Document.read(EXAMPLE)) == []


def test_every_backend_is_in_it() -> None:
    small = {"fixed", "counter"}
    kinds = {kind.name for kind in Mixer().backends()} - small
    text = EXAMPLE.read_text()
    missing = {kind for kind in kinds if f"{kind}:" not in text}
    assert missing == set()
