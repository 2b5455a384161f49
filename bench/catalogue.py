"""All variants, in the order of the table."""

from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeAlias

from bench import build
from bench.errors import BenchError
from bench.proxy import Scenario
from bench.variants.dynamic_module import dynamic_module
from bench.variants.external import ext_authz, ext_proc
from bench.variants.lua import lua_f1, lua_f2, lua_f3
from bench.variants.native import native_f1, native_f2, native_f3
from bench.variants.variant import Absent, Chain, Variant
from bench.variants.wasm import wasm
from bench.works import F1, F1_STACK_4, F1_STACK_8, F2, F3, NOTHING, Work

Entry: TypeAlias = Variant | Absent

NONE: Final = "none"
AGAIN: Final = "none again"
"""The same as `none`, once more: how much two equal things differ."""

C: Final = "C by hand"
C_PAIRS: Final = "C, pairs"
ASSEMBLYSCRIPT: Final = "AssemblyScript"
AOT: Final = "mixer2 aot"
CPYTHON: Final = "mixer2 cpython"


def baselines() -> list[Variant]:
    """The proxy without any filter, twice."""
    return [Variant(name, NOTHING, lambda _: Chain()) for name in (NONE, AGAIN)]


def catalogue(scenario: Scenario) -> list[Entry]:
    """Everything that is measured with one kind of answer, or cannot be; builds what it needs.

    Raises:
        BenchError: something of our own cannot be built.
    """
    if scenario is Scenario.UPSTREAM:
        return [*baselines(), *_with_upstream()]
    return [
        *baselines(),
        *_f1(),
        *_stack(F1_STACK_4),
        *_stack(F1_STACK_8),
        *_f2(),
        *_f3(),
    ]


def _with_upstream() -> list[Entry]:
    """The variants between which the answer matters; the others are in the other tables."""
    return [
        native_f1(),
        dynamic_module(build.dynamic_library("f1")),
        lua_f1(),
        wasm(C, F1, build.c_module("f1")),
        wasm(AOT, F1, build.mixer2_module("f1")),
        ext_proc(),
        wasm(C, F1_STACK_4, build.c_module("f1")),
        wasm(AOT, F1_STACK_4, build.mixer2_module("f1")),
        native_f2(),
        wasm(C, F2, build.c_module("f2")),
        wasm(C_PAIRS, F2, build.c_module("f2", pairs=True)),
        wasm(AOT, F2, build.mixer2_module("f2")),
        native_f3(),
        wasm(C, F3, build.c_module("f3")),
        wasm(AOT, F3, build.mixer2_module("f3")),
    ]


def _f1() -> list[Entry]:
    return [
        native_f1(),
        dynamic_module(build.dynamic_library("f1")),
        lua_f1(),
        wasm(C, F1, build.c_module("f1")),
        wasm(C_PAIRS, F1, build.c_module("f1", pairs=True)),
        _assemblyscript(F1, "f1"),
        *foreign(),
        wasm(AOT, F1, build.mixer2_module("f1")),
        wasm(CPYTHON, F1, build.cpython_module("f1")),
        ext_proc(),
        ext_authz(),
    ]


def foreign() -> list[Variant]:
    """Modules that others built: each file is a row."""
    return [wasm(module.stem, F1, module, "foreign") for module in build.foreign_modules()]


def _stack(work: Work) -> list[Entry]:
    return [
        native_f1(work),
        dynamic_module(build.dynamic_library("f1"), work),
        lua_f1(work),
        wasm(C, work, build.c_module("f1")),
        _assemblyscript(work, "f1"),
        wasm(AOT, work, build.mixer2_module("f1")),
    ]


def _f2() -> list[Entry]:
    return [
        native_f2(),
        lua_f2(),
        wasm(C, F2, build.c_module("f2")),
        wasm(C_PAIRS, F2, build.c_module("f2", pairs=True)),
        _assemblyscript(F2, "f2"),
        wasm(AOT, F2, build.mixer2_module("f2")),
        wasm(CPYTHON, F2, build.cpython_module("f2")),
    ]


def _f3() -> list[Entry]:
    return [
        native_f3(),
        lua_f3(),
        wasm(C, F3, build.c_module("f3")),
        _assemblyscript(F3, "f3"),
        wasm(AOT, F3, build.mixer2_module("f3")),
        wasm(CPYTHON, F3, build.cpython_module("f3")),
    ]


def _assemblyscript(work: Work, name: str) -> Entry:
    """AssemblyScript needs Node and a registry, which a machine may not have."""
    missing = build.missing_for_assemblyscript()
    if missing is not None:
        return Absent(ASSEMBLYSCRIPT, work, missing)
    return _or_absent(ASSEMBLYSCRIPT, work, lambda: build.assemblyscript_module(name))


def _or_absent(name: str, work: Work, make: Callable[[], Path]) -> Entry:
    try:
        return wasm(name, work, make())
    except BenchError as error:
        return Absent(name, work, str(error).strip().splitlines()[-1])
