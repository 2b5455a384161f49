"""Variants in a real Envoy: each does its work, and one that does not is found out."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from bench import build
from bench.catalogue import AOT, C, baselines
from bench.errors import BenchError
from bench.proxy import Scenario
from bench.run import Plan, Tools, check, measure
from bench.variants.dynamic_module import dynamic_module
from bench.variants.external import ext_authz, ext_proc
from bench.variants.lua import lua_f1, lua_f2
from bench.variants.native import native_f1, native_f2, native_f3
from bench.variants.variant import Chain, Variant
from bench.variants.wasm import wasm
from bench.works import F1, F1_STACK_4, F2, F3

pytestmark = pytest.mark.envoy

VARIANTS: dict[str, Callable[[], Variant]] = {
    "native F1": native_f1,
    "native F1 x4": lambda: native_f1(F1_STACK_4),
    "native F2": native_f2,
    "native F3": native_f3,
    "dynamic F1": lambda: dynamic_module(build.dynamic_library("f1")),
    "dynamic F1 x4": lambda: dynamic_module(build.dynamic_library("f1"), F1_STACK_4),
    "Lua F1": lua_f1,
    "Lua F2": lua_f2,
    "C F1": lambda: wasm(C, F1, build.c_module("f1")),
    "C F2": lambda: wasm(C, F2, build.c_module("f2", pairs=True)),
    "C F3": lambda: wasm(C, F3, build.c_module("f3")),
    "mixer2 F1": lambda: wasm(AOT, F1, build.mixer2_module("f1")),
    "mixer2 F1 x4": lambda: wasm(AOT, F1_STACK_4, build.mixer2_module("f1")),
    "mixer2 F2": lambda: wasm(AOT, F2, build.mixer2_module("f2")),
    "mixer2 F3": lambda: wasm(AOT, F3, build.mixer2_module("f3")),
    "ext_proc": ext_proc,
    "ext_authz": ext_authz,
}


@pytest.fixture(scope="module")
def tools() -> Tools:
    return build.tools()


@pytest.mark.parametrize("name", VARIANTS)
async def test_a_variant_does_its_work(name: str, tools: Tools) -> None:
    await check(tools, VARIANTS[name]())


@pytest.mark.parametrize("work", [F1, F2, F3], ids=lambda work: work.name)
async def test_a_variant_that_does_nothing_is_found_out(work: object, tools: Tools) -> None:
    idle = replace(VARIANTS[f"native {work.name}"](), chain=lambda _: Chain())  # type: ignore[attr-defined]
    with pytest.raises(BenchError, match=f"{idle.work.name}, native: "):
        await check(tools, idle)


async def test_half_a_stack_is_found_out(tools: Tools) -> None:
    single = native_f1(F1)
    with pytest.raises(BenchError, match=r"the response has x-bench: \['f1'\]"):
        await check(tools, replace(single, work=F1_STACK_4))


@pytest.mark.parametrize("scenario", Scenario)
async def test_a_run_has_all_figures(scenario: Scenario, tools: Tools) -> None:
    plan = Plan(("16x30",), ("1x30", "16x50"))
    run = await measure(tools, ext_proc(), scenario, plan, 3, 1)
    assert (run.variant, run.work, run.round, run.workers) == ("Python ext_proc", "F1", 3, 1)
    expected = ["envoy", "service"] + (["upstream"] if scenario is Scenario.UPSTREAM else [])
    assert run.watched == expected
    assert [one.connections for one in run.slices] == [1, 16]
    for one in run.slices:
        assert len(one.cpu_us) == len(expected)
        assert all(spent > 0 for spent in one.cpu_us)
    assert run.start_cpu_s > 0
    assert run.start_s > 0
    assert run.rss > 10_000_000
    assert run.service_rss is not None


async def test_nothing_is_a_variant_too(tools: Tools) -> None:
    none, again = baselines()
    await check(tools, none)
    run = await measure(tools, again, Scenario.DIRECT, Plan(("16x20",), ("16x30",)), 0, 2)
    assert run.workers == 2
