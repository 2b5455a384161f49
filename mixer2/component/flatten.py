"""A component's core modules with their imports resolved, ready to be merged into one.

In a component, core modules know each other by aliases and bundles of aliases. Here every import
names the instance that it really comes from, and calls of the world outside name the function:

    ("i52", "i52:PyLong_FromLong")                 an export of instance 52
    ("host", "wasi:clocks/wall-clock#now")         for the glue

What only a component needs falls away: the trampolines through which lowered functions are called
before they exist, and the adapter for WASI preview 1, of which nothing is used after the snapshot.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from mixer2.component.component_format import (
    Bundled,
    Component,
    CoreItem,
    Exported,
    Instantiated,
    Lowered,
)
from mixer2.component.errors import MalformedError
from mixer2.component.wasm_format import (
    DATA,
    FUNCTION,
    Export,
    Import,
    read_exports,
    rename,
    sections,
)

HOST: Final = "host"
"""The module that what is outside of the component is imported from."""

ADAPTER: Final = "wasi_snapshot_preview1"

# The table that wit-component's trampolines call through.
_TRAMPOLINES: Final = "$imports"


# What the world exports. componentize-py's own exports have done their work in the snapshot.
_INTERFACES: Final = "proxy-wasm:"

# Functions that the glue calls, and what else the modules export that have them: those by which
# memory passes between component and glue, of componentize-py's run-time and of the C library, and
# CPython's.
_FOR_GLUE: Final = {
    "cabi_realloc": ("wit_dylib_export_call",),
    "free": ("malloc", "strlen"),
    "PyObject_Hash": (),
    "Py_HashBuffer": (),
    "PyErr_Clear": (),
}


@dataclass(frozen=True, slots=True)
class FlatModule:
    """A core module of a flat component.

    Attributes:
        name: What the others import it by.
        wasm: The module.
    """

    name: str
    wasm: bytes


@dataclass(frozen=True, slots=True)
class FlatComponent:
    """Core modules that import from each other and from `HOST`.

    Attributes:
        modules: In the order of their instantiation.
        main: Name of the module that defines memory and holds the snapshot.
        lifted: For each lifted function, by name, the module and name it is exported under.
            What else the glue calls is among them, such as the allocator.
    """

    modules: list[FlatModule]
    main: str
    lifted: dict[str, tuple[str, str]]


def main_module(component: Component) -> int:
    """Index of the module with the snapshot: the one that has data.

    Raises:
        MalformedError: none has, or several have.
    """
    found = [
        index
        for index, wasm in enumerate(component.modules)
        if any(kind == DATA for kind, _ in sections(wasm))
    ]
    if len(found) != 1:
        raise MalformedError("component", "one core module with data", f"{len(found)}")
    return found[0]


def is_adapter(wasm: bytes) -> bool:
    """Whether a core module is the adapter for WASI preview 1."""
    return any(one.name == "reset_adapter_state" for one in read_exports(wasm))


def flatten(component: Component) -> FlatComponent:
    """Resolve all imports between a component's core modules.

    Raises:
        MalformedError: an import leads nowhere.
    """
    return _Flattener(component).flatten()


class _Flattener:
    def __init__(self, component: Component) -> None:
        self._component = component
        self._exports = [read_exports(wasm) for wasm in component.modules]
        self._trampolines = self._find_trampolines()
        self._used: set[tuple[str, str]] = set()

    def flatten(self) -> FlatComponent:
        renamed = {
            index: self._resolve_imports(instance)
            for index, instance in enumerate(self._component.instances)
            if isinstance(instance, Instantiated) and not self._falls_away(index)
        }
        lifted = dict(self._lifted())
        self._used |= set(lifted.values())
        main_index = main_module(self._component)
        modules = []
        main = ""
        for index, wasm in renamed.items():
            label = f"i{index}"
            modules.append(FlatModule(label, self._rename_exports(label, wasm)))
            instance = self._component.instances[index]
            if isinstance(instance, Instantiated) and instance.module == main_index:
                main = label
        return FlatComponent(modules, main, {name: _named(*of) for name, of in lifted.items()})

    def _find_trampolines(self) -> dict[int, dict[str, CoreItem]]:
        """For each instance of trampolines, what they lead to, by their names."""
        found: dict[int, dict[str, CoreItem]] = {}
        for instance in self._component.instances:
            # The module that fills the table imports it, and the functions under equal names.
            if not isinstance(instance, Instantiated) or set(instance.arguments) != {""}:
                continue
            bundle = self._component.instances[instance.arguments[""]]
            if not isinstance(bundle, Bundled) or _TRAMPOLINES not in bundle.items:
                continue
            kind, index = bundle.items[_TRAMPOLINES]
            table = self._component.items[kind][index]
            assert isinstance(table, Exported)
            found[table.instance] = {
                name: self._component.items[FUNCTION][at]
                for name, (item_kind, at) in bundle.items.items()
                if item_kind == FUNCTION
            }
        return found

    def _falls_away(self, index: int) -> bool:
        instance = self._component.instances[index]
        assert isinstance(instance, Instantiated)
        is_filler = set(instance.arguments) == {""}
        is_adapter = any(
            one.name == "reset_adapter_state" for one in self._exports[instance.module]
        )
        return index in self._trampolines or is_filler or is_adapter

    def _resolve_imports(self, instance: Instantiated) -> bytes:
        def resolved(found: Import) -> tuple[str, str]:
            if found.module == ADAPTER:
                return HOST, f"{ADAPTER}#{found.name}"
            if found.module not in instance.arguments:
                raise MalformedError(f"import {found.module}.{found.name}", "an argument", "none")
            label, name = self._export_of(instance.arguments[found.module], found.name)
            if label == HOST:
                return label, name
            self._used.add((label, name))
            return _named(label, name)

        wasm = self._component.modules[instance.module]
        return rename(wasm, resolved, lambda export: export.name)

    def _rename_exports(self, label: str, wasm: bytes) -> bytes:
        def renamed(export: Export) -> str | None:
            return _named(label, export.name)[1] if (label, export.name) in self._used else None

        return rename(wasm, lambda found: (found.module, found.name), renamed)

    def _export_of(self, instance_index: int, name: str) -> tuple[str, str]:
        instance = self._component.instances[instance_index]
        if isinstance(instance, Bundled):
            if name not in instance.items:
                raise MalformedError(f"core instance {instance_index}", f"an export {name}", "none")
            kind, index = instance.items[name]
            return self._resolve(self._component.items[kind][index])
        trampoline = self._trampolines.get(instance_index, {}).get(name)
        if trampoline is not None:
            return self._resolve(trampoline)
        return f"i{instance_index}", name

    def _resolve(self, item: CoreItem) -> tuple[str, str]:
        if isinstance(item, Lowered):
            return HOST, item.name
        return self._export_of(item.instance, item.name)

    def _lifted(self) -> Iterable[tuple[str, tuple[str, str]]]:
        functions = self._component.items[FUNCTION]
        for one in self._component.lifted:
            for index in (one.function, one.post_return):
                if index is not None:
                    label, name = self._resolve(functions[index])
                    if name.removeprefix("cabi_post_").startswith(_INTERFACES):
                        yield name, (label, name)
        for index, instance in enumerate(self._component.instances):
            if isinstance(instance, Instantiated):
                exports = {export.name for export in self._exports[instance.module]}
                for name, companions in _FOR_GLUE.items():
                    if {name, *companions} <= exports:
                        yield name, (f"i{index}", name)


def _named(label: str, name: str) -> tuple[str, str]:
    return label, f"{label}:{name}"
