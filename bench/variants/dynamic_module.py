"""Dynamic modules: native code that Envoy loads into its own process."""

from pathlib import Path

from bench.variants.variant import TYPE, Chain, Setting, Variant
from bench.works import F1, Work

_FILTER = "envoy.extensions.filters.http.dynamic_modules.v3.DynamicModuleFilter"


def dynamic_module(library: Path, work: Work = F1) -> Variant:
    """A shared library with Envoy's C ABI.

    Args:
        library: The library's file.
        work: F1, or a stack of it.
    """

    def chain(_: Setting) -> Chain:
        config = {"module": {"local": {"filename": str(library.resolve())}}}
        return Chain(
            filters=tuple(
                {
                    "name": f"bench.dynamic_{number}",
                    "typed_config": {
                        "@type": TYPE + _FILTER,
                        "dynamic_module_config": config,
                        "filter_name": "f1",
                    },
                }
                for number in range(work.stack)
            )
        )

    return Variant(
        "dynamic module, C",
        work,
        chain,
        module=library,
        note="native code without a sandbox; Envoy's ABI v0.2.0; keeps no bound on tenants",
    )
