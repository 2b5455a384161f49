"""Envoys that run a module without a listener."""

import base64
from typing import Any


def wasm_service(code: bytes, configuration: bytes) -> dict[str, Any]:
    """Bootstrap fields of an Envoy with a bootstrap service made of `code`."""
    plugin = {
        "name": "service",
        "vm_config": {
            "runtime": "envoy.wasm.runtime.v8",
            "code": {"local": {"inline_bytes": base64.b64encode(code).decode()}},
        },
        "configuration": {
            "@type": "type.googleapis.com/google.protobuf.BytesValue",
            "value": base64.b64encode(configuration).decode(),
        },
    }
    service = {
        "@type": "type.googleapis.com/envoy.extensions.wasm.v3.WasmService",
        "config": plugin,
        "singleton": True,
    }
    return {"bootstrap_extensions": [{"name": "envoy.bootstrap.wasm", "typed_config": service}]}
