"""The sanitizers see what a module must not do: otherwise `make sanitize` finds nothing."""

import shutil

import pytest

from tests.native.__main__ import faults_are_found

pytestmark = pytest.mark.skipif(
    not shutil.which("wasm2c") or not shutil.which("cc"),
    reason="wasm2c or cc is missing; on Debian: apt install wabt gcc",
)


def test_a_planted_read_of_forbidden_memory_is_found() -> None:
    assert faults_are_found()


def test_a_read_of_memory_in_use_is_not() -> None:
    assert not faults_are_found(forbidden=0)
