"""Wasm: modules of any origin, all configured alike."""

import hashlib
from pathlib import Path

from bench.variants.variant import TYPE, Chain, Setting, Variant
from bench.works import F3, Work

_WASM = "envoy.extensions.filters.http.wasm.v3.Wasm"


def wasm(
    name: str, work: Work, module: Path, note: str = "", *, starts_slowly: bool = False
) -> Variant:
    """A variant that is a Proxy-Wasm module.

    Args:
        name: As in the table.
        work: What it does. The filters of a stack are plugins of one VM, as Envoy makes it of
            equal code.
        module: The module's file.
        note: What is not like the others.
        starts_slowly: As of a variant.
    """
    # Envoy knows VMs by their id: one that says which code it is cannot be mistaken for another.
    vm_id = hashlib.sha256(module.read_bytes()).hexdigest()

    def chain(setting: Setting) -> Chain:
        configuration = str(setting.bucket) if work == F3 else ""
        return Chain(
            filters=tuple(
                {
                    "name": f"bench.wasm_{number}",
                    "typed_config": {
                        "@type": TYPE + _WASM,
                        "config": {
                            "name": f"bench_{number}",
                            "root_id": f"bench_{number}",
                            "failure_policy": "FAIL_CLOSED",
                            "configuration": {
                                "@type": TYPE + "google.protobuf.StringValue",
                                "value": configuration,
                            },
                            "vm_config": {
                                "vm_id": vm_id,
                                "runtime": "envoy.wasm.runtime.v8",
                                "code": {"local": {"filename": str(module.resolve())}},
                            },
                        },
                    },
                }
                for number in range(work.stack)
            )
        )

    return Variant(name, work, chain, module=module, note=note, starts_slowly=starts_slowly)
