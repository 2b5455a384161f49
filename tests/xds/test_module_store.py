from hashlib import sha256
from pathlib import Path

import pytest

from mixer2.xds.errors import InvalidModule
from mixer2.xds.module_store import ModuleStore
from tests.xds.probe import probe

CODE, OTHER = probe("aaaa").code, probe("bbbb").code


def test_a_module_is_kept_by_its_digest_and_outlives_the_process(tmp_path: Path) -> None:
    digest = ModuleStore(tmp_path).put(CODE).digest
    assert digest == sha256(CODE).hexdigest()
    assert [path.name for path in tmp_path.iterdir()] == [f"{digest}.wasm"]
    store = ModuleStore(tmp_path)
    assert store.get(digest).code == CODE
    assert store.has(digest)
    assert store.put(CODE) is store.get(digest)


def test_what_is_no_module_is_not_kept(tmp_path: Path) -> None:
    store = ModuleStore(tmp_path)
    with pytest.raises(InvalidModule):
        store.put(b"\0asm but not really")
    assert list(tmp_path.iterdir()) == []
    assert not store.has("0" * 64)


def test_a_file_that_was_changed_is_not_served(tmp_path: Path) -> None:
    digest = ModuleStore(tmp_path).put(CODE).digest
    (tmp_path / f"{digest}.wasm").write_bytes(OTHER)
    store = ModuleStore(tmp_path)
    with pytest.raises(InvalidModule, match="its content is that of"):
        store.get(digest)
    assert not store.has(digest)


def test_others_can_be_dropped(tmp_path: Path) -> None:
    store = ModuleStore(tmp_path)
    kept, gone = store.put(CODE).digest, store.put(OTHER).digest
    assert store.keep_only({kept}) == 1
    assert store.has(kept)
    assert not store.has(gone)
