# ruff: noqa: E501  (a page of Markdown tables)
"""docs/abi.md, made of the cases: `python -m tests.conformance.document`."""

from pathlib import Path

from tests.conformance.all_cases import ALL_CASES, SECTIONS
from tests.conformance.case import Case

DOCUMENT = Path(__file__).parents[2] / "docs" / "abi.md"

_PREFACE = """# The ABI: Envoy 1.40 and the test host

`mixer2.testhost` is the proxy's side of Proxy-Wasm 0.2.1. Where Envoy differs from the specification, it
does as Envoy does. Every row below is a plugin that makes host calls; it runs in the real Envoy 1.40 and in
the test host, and what it saw, what the upstream received and what the client got must be equal:

```
python -m pytest tests/conformance -k "of two local responses"   # one row, in both
python -m pytest tests/conformance -m "not envoy"                # all rows, against what Envoy was seen to do
python -m pytest tests/conformance                               # all rows, also in the real Envoy
```

The rows are in `tests/conformance/cases`, what Envoy did in `tests/conformance/envoy-1.40.0.json`
(`python -m tests.conformance.record` adds new rows, `--all` writes it anew), and this page is made of them
(`python -m tests.conformance.document`).

## What the test host does not do

It raises an error that fails the test; it never answers OK for what it did not do.

| what | error |
|---|---|
| CEL where the package cel-expr-python has no wheel (Windows) | `UnsupportedError`; a test can give functions of its own: `load(foreign_functions={...})` |
| CEL over a group of attributes in which text is not UTF-8 | `UnsupportedError` |
| properties declared as FlatBuffers or protobuf | `UnsupportedError` |
| trailers made in a body callback that then pauses | `UnsupportedError` |
| a `GrpcService` that is not `envoy_grpc` | `UnsupportedError` |
| Proxy-Wasm 0.1.0 | `LoadError`, `MissingImportError` |
| HTTP metadata callbacks, stat sinks | never called |

Times are those of a clock that stands still until the test moves it; `x-envoy-upstream-service-time` is 0.
A FAIL_RELOAD happens at the latest time at which Envoy would do it (1.5 times the base interval). One VM is
started unless the test asks for `full_start=True`: Envoy starts a canary, the main thread's and the workers'.
A message of known length is HTTP/1.1's: its bytes, then an empty part with the end. A list of parts
is taken as it is, the last of them carries the end, as in HTTP/2.

## Modules

`mixer2 lint MODULE.wasm` judges a module of any origin by these rules, without running it; `mixer2 build` does so before it writes.

| what Envoy requires or refuses | test in `tests/testhost/test_wasm_guest.py` |
|---|---|
| an exported `proxy_abi_version_0_2_0` or `_0_2_1`, and `malloc` or `proxy_on_memory_allocate` | `test_what_envoy_would_not_take` |
| `_initialize` and then `main` or `__main_void`, else `_start` | `test_what_runs_before_the_first_callback` |
| all 42 functions of `env`, all 45 of WASI, under both names | `test_every_host_function_and_wasi_function_links` |
| missing imports | `test_all_missing_imports_are_named` |
| imports and callbacks of another type | `test_an_import_of_another_type_is_refused`, `test_a_callback_of_another_type_is_refused` |
| v128, a reference of the GC proposal or an exception tag at the border kills Envoy: `LoadError` | `test_module_rules.py` |
| more than 1 GiB of memory | `test_module_rules.py`, `test_memory_ends_at_1_gib` |
| calls that are forbidden while a module starts | `test_most_host_calls_are_forbidden_while_the_module_starts` |
| calls that are forbidden in an allocator | `test_a_host_call_in_the_allocator_traps` |
| i32 arguments are unsigned | `test_arguments_are_unsigned` |
| an empty result allocates nothing | `test_an_empty_result_is_two_zeros_and_nothing_is_allocated` |

`make sdks` builds one plugin with each of three other toolchains and runs it here and in Envoy, with equal transcripts: C++
(Zig's clang, wasi-libc, libc++; `malloc`, ABI 0.2.0), Rust (Debian's, `wasm32-wasi`; `proxy_on_memory_allocate`) and Go
(`wasip1`, a reactor). They are raw against the ABI, in the layout that the SDK of each language gives: the SDKs themselves are in no
package index that a make target can use, and neither is TinyGo. The benchmark runs AssemblyScript and C.
"""


def document() -> str:
    """The whole page."""
    differing = sum(bool(case.differs) for case in ALL_CASES)
    parts = [
        _PREFACE,
        f"## Behaviour\n\n{len(ALL_CASES)} rows, {differing} of them different, with the reason.\n",
    ]
    for title, cases in SECTIONS.items():
        rows = "\n".join(map(_row, cases))
        parts.append(f"### {title}\n\n| case | test host |\n|---|---|\n{rows}\n")
    return "\n".join(parts)


def _row(case: Case) -> str:
    outcome = f"**different**: {case.differs}" if case.differs else "as Envoy"
    return f"| {case.name} | {outcome} |"


def main() -> None:
    DOCUMENT.write_text(document())


if __name__ == "__main__":
    main()
