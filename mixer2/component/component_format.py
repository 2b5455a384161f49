"""The binary format of components, as far as componentize-py writes it.

What is read is what links the core modules: their instances, what these take from each other,
which component functions are lowered for them, and which of theirs are lifted. Component types are
passed over.

Source: github.com/WebAssembly/component-model, "Binary.md".
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from mixer2.component.errors import MalformedError
from mixer2.component.wasm_format import FUNCTION, GLOBAL, MEMORY, TABLE, Reader, sections

HEADER: Final = b"\0asm\x0d\0\1\0"

# Sections.
_CORE_MODULE, _CORE_INSTANCES, _CORE_TYPES, _COMPONENT, _INSTANCES, _ALIASES = range(1, 7)
_TYPES, _CANONS, _START, _IMPORTS, _EXPORTS = range(7, 12)

# Sorts of component items; a core sort is 0 and a byte.
_CORE, _FUNCTION, _VALUE, _TYPE, _COMPONENT_SORT, _INSTANCE = range(6)

# Definitions of aliases.
_FROM_INSTANCE, _FROM_CORE_INSTANCE, _FROM_OUTSIDE = range(3)

# Canonical definitions.
_LIFT, _LOWER = 0, 1
_RESOURCE: Final = {2: "resource-new", 3: "resource-drop", 4: "resource-rep", 7: "resource-drop"}

# Canonical options with an index: memory, realloc, post-return, callback, core type.
_INDEXED_OPTIONS: Final = (3, 4, 5, 7, 8)
_POST_RETURN: Final = 5


@dataclass(frozen=True, slots=True)
class Lowered:
    """A core function that a component function was lowered to; its name, without versions."""

    name: str


@dataclass(frozen=True, slots=True)
class Exported:
    """What a core instance exports under a name."""

    instance: int
    name: str


CoreItem: TypeAlias = Lowered | Exported


@dataclass(frozen=True, slots=True)
class Instantiated:
    """A core instance of a module: its index, and an instance for each module it imports from."""

    module: int
    arguments: dict[str, int]


@dataclass(frozen=True, slots=True)
class Bundled:
    """A core instance that bundles items of others: a kind and an index for each name."""

    items: dict[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Lifted:
    """A core function that is lifted, and the one to call after its answer was taken, if any."""

    function: int
    post_return: int | None


@dataclass(slots=True)
class Component:
    """What links a component's core modules. The lists are the format's index spaces."""

    modules: list[bytes] = field(default_factory=list)
    instances: list[Instantiated | Bundled] = field(default_factory=list)
    items: dict[int, list[CoreItem]] = field(
        default_factory=lambda: {FUNCTION: [], TABLE: [], MEMORY: [], GLOBAL: []}
    )
    lifted: list[Lifted] = field(default_factory=list)


def read_component(wasm: bytes) -> Component:
    """Read a component.

    Raises:
        MalformedError: it is none, or has what componentize-py does not write.
    """
    if wasm[:8] != HEADER:
        raise MalformedError("component", "the header of a component", wasm[:8])
    try:
        return _ComponentReader().read(wasm)
    except IndexError as error:
        raise MalformedError("component", "an index in range", error) from error


class _ComponentReader:
    """One pass over the sections. Component-level names are kept for what is lowered."""

    def __init__(self) -> None:
        self._component = Component()
        self._functions: list[str] = []
        self._component_instances: list[str] = []
        self._types: list[str] = []

    def read(self, wasm: bytes) -> Component:
        for kind, content in sections(wasm, "component"):
            if kind == _CORE_MODULE:
                self._component.modules.append(content)
                continue
            reader = Reader(content, f"component section {kind}")
            match kind:
                case 0 | 3 | 4 | 9:  # custom, core types, nested components, start
                    pass
                case 2:
                    self._each(reader, self._core_instance)
                case 5:
                    self._each(reader, self._instance)
                case 6:
                    self._each(reader, self._alias)
                case 7:
                    self._types += [""] * reader.number()
                case 8:
                    self._each(reader, self._canon)
                case 10:
                    self._each(reader, self._import)
                case 11:
                    self._each(reader, self._export)
                case _:
                    raise reader.error("a known section", kind)
        return self._component

    @staticmethod
    def _each(reader: Reader, read_one: Callable[[Reader], None]) -> None:
        for _ in range(reader.number()):
            read_one(reader)

    def _core_instance(self, reader: Reader) -> None:
        form = reader.byte()
        if form == 0:
            module = reader.number()
            arguments: dict[str, int] = {}
            for _ in range(reader.number()):
                name = reader.name()
                reader.byte()  # the sort, always instance
                arguments[name] = reader.number()
            self._component.instances.append(Instantiated(module, arguments))
        else:
            items: dict[str, tuple[int, int]] = {}
            for _ in range(reader.number()):
                name = reader.name()
                items[name] = (reader.byte(), reader.number())
            self._component.instances.append(Bundled(items))

    def _instance(self, reader: Reader) -> None:
        if reader.byte() == 0:
            reader.number()
            for _ in range(reader.number()):
                reader.name()
                self._sort(reader)
                reader.number()
        else:
            for _ in range(reader.number()):
                self._extern_name(reader)
                self._sort(reader)
                reader.number()
        self._component_instances.append("")

    def _alias(self, reader: Reader) -> None:
        sort, core = self._sort(reader)
        form, outer = reader.byte(), reader.number()
        if form == _FROM_OUTSIDE:
            reader.number()
            if sort == _TYPE:
                self._types.append("")
            return
        name = reader.name()
        if form == _FROM_CORE_INSTANCE:
            self._component.items[core].append(Exported(outer, name))
            return
        instance = self._component_instances[outer]
        if sort == _FUNCTION:
            self._functions.append(f"{instance}#{name}")
        elif sort == _TYPE:
            self._types.append(f"{instance}#{name}")
        elif sort == _INSTANCE:
            self._component_instances.append(f"{instance}/{name}")
        else:
            raise reader.error("a function, type or instance", f"sort {sort}")

    def _canon(self, reader: Reader) -> None:
        form = reader.byte()
        functions = self._component.items[FUNCTION]
        if form == _LIFT:
            reader.byte()
            function = reader.number()
            options = self._options(reader)
            reader.number()
            self._component.lifted.append(Lifted(function, options.get(_POST_RETURN)))
            self._functions.append("")
        elif form == _LOWER:
            reader.byte()
            function = reader.number()
            self._options(reader)
            functions.append(Lowered(self._functions[function]))
        elif form in _RESOURCE:
            interface, _, resource = self._types[reader.number()].partition("#")
            functions.append(Lowered(f"{interface}#[{_RESOURCE[form]}]{resource}"))
        else:
            raise reader.error("lift, lower or a resource's function", f"{form:#x}")

    @staticmethod
    def _options(reader: Reader) -> dict[int, int]:
        options = {}
        for _ in range(reader.number()):
            option = reader.byte()
            options[option] = reader.number() if option in _INDEXED_OPTIONS else 1
        return options

    def _import(self, reader: Reader) -> None:
        name = self._extern_name(reader)
        sort = self._described(reader)
        spaces = {
            _FUNCTION: self._functions,
            _TYPE: self._types,
            _INSTANCE: self._component_instances,
        }
        if sort not in spaces:
            raise reader.error("an imported function, type or instance", f"sort {sort}")
        spaces[sort].append(name)

    def _export(self, reader: Reader) -> None:
        name = self._extern_name(reader)
        sort, _ = self._sort(reader)
        index = reader.number()
        if reader.byte() == 1:
            self._described(reader)
        if sort == _FUNCTION:
            self._functions.append("")
        elif sort == _TYPE:
            self._types.append(self._types[index])
        elif sort == _INSTANCE:
            self._component_instances.append(name)

    @staticmethod
    def _sort(reader: Reader) -> tuple[int, int]:
        sort = reader.byte()
        return sort, reader.byte() if sort == _CORE else -1

    @staticmethod
    def _extern_name(reader: Reader) -> str:
        """A name, without the version of a WASI interface: the glue serves all of 0.2."""
        form = reader.byte()
        name = reader.name()
        if form == 2:
            for _ in range(reader.number()):
                reader.byte()
                reader.name()
        return name.partition("@")[0] if name.startswith("wasi:") else name

    @staticmethod
    def _described(reader: Reader) -> int:
        """The sort of an import or export, by its type."""
        sort = reader.byte()
        if sort == _CORE:
            reader.byte()
            reader.number()
        elif sort == _TYPE:
            if reader.byte() == 0:
                reader.number()
        else:
            reader.number()
        return sort
