"""The entry module: registers the plugin and exports the callbacks that the program needs.

For `filters/hello.py`, which overrides `on_response_headers` only:

    import pal.dispatch
    from filters.hello import HelloPlugin
    from pal.context import PluginContext

    class Factory(pal.dispatch.PluginFactory):
        def create(self) -> PluginContext: return HelloPlugin()

    pal.dispatch.register(Factory())

Where one context does for all streams (`stateless`), it dispatches their callbacks itself:

    class CommonStream(pal.roots.CommonStream):
        def __init__(self) -> None:
            self.context: Hello | None = None

        def forget(self) -> None:
            self.context = None

    common: Final = CommonStream()
    pal.roots.register(common)

    def find(context_id: int) -> Hello | None:
        context = pal.roots.of_stream(context_id)
        if not isinstance(context, Hello):
            return None
        if pal.registry.only_plugin() is not None:
            common.context = context
        return context

    def proxy_on_response_headers(context_id: int, count: int, end_of_stream: int) -> int:
        context = common.context
        if context is None:
            context = find(context_id)
            if context is None:
                return 0
        result = 0
        try:
            action = context.on_response_headers(end_of_stream != 0)
            if action is not Action.CONTINUE:
                result = headers_status(action)
        except Exception as error:
            pal.dispatch.report(error)
        context.response_headers.forget()
        return result
"""

import ast
from dataclasses import replace
from typing import Final

from mixer2.compiler.callbacks import CALLBACKS, DISPATCH, Callback
from mixer2.compiler.errors import CompileError, Diagnostic
from mixer2.compiler.frontend.program import Program, SourceModule, with_module
from mixer2.compiler.frontend.stateless import StatelessStream, find_stateless_stream

ENTRY_MODULE = "mixer2_entry"

# Where the PAL's own defaults live; they are not overrides.
_PAL_CONTEXTS = frozenset(
    {
        ("pal.context", "PluginContext"),
        ("pal.context", "HttpContext"),
        ("pal.tcp", "TcpContext"),
        ("pal.tcp", "TcpPluginContext"),
        ("pal.access_log", "AccessLogger"),
    }
)


_ROOTS: Final = "pal.roots"

# Of the callbacks of streams: their parameters behind the number of the context, the arguments of
# the method, and the function that makes its result the callback's.
_HEADERS: Final = ("count: int, end_of_stream: int", "end_of_stream != 0", "headers_status")
_BODY: Final = ("size: int, end_of_stream: int", "size, end_of_stream != 0", "body_status")
_TRAILERS: Final = ("count: int", "", "trailers_status")
_STREAM_CALLBACKS: Final = {
    "proxy_on_request_headers": _HEADERS,
    "proxy_on_request_body": _BODY,
    "proxy_on_request_trailers": _TRAILERS,
    "proxy_on_response_headers": _HEADERS,
    "proxy_on_response_body": _BODY,
    "proxy_on_response_trailers": _TRAILERS,
    "proxy_on_log": ("", "", ""),
}

_LIVES: Final = frozenset({"proxy_on_context_create", "proxy_on_delete"})
_STARTS: Final = frozenset({"proxy_on_vm_start", "proxy_on_configure"})

# Parts that know streams by their numbers, and what tells roots apart for itself.
_NUMBERING: Final = frozenset(
    {
        *("pal.dispatch", "pal.registry", _ROOTS, "pal.foreign", "pal.parts"),
        *(
            module
            for callback in CALLBACKS
            for _, modules in callback.dispatchers
            for module in modules
        ),
    }
)


def completed(program: Program) -> Program:
    """A program with what only its entry module imports.

    Raises:
        CompileError: the filter has no plugin class, or more than one.
    """
    return with_module(program, _ROOTS) if stateless_stream(program) else program


def stateless_stream(program: Program) -> StatelessStream | None:
    """The class of the program's streams, when one context does for all.

    Raises:
        CompileError: the filter has no plugin class, or more than one.
    """
    if not imported_modules(program).isdisjoint(_NUMBERING):
        return None
    nodes = [
        node for module in program.modules.values() if not _is_pal(module) for node in module.nodes
    ]
    return find_stateless_stream(program.filter.tree, plugin_class(program), nodes)


def entry_source(program: Program) -> str:
    """Python source of the entry module.

    Raises:
        CompileError: the filter has no plugin class, or more than one.
    """
    plugin = plugin_class(program)
    stream = stateless_stream(program)
    return "\n".join(
        [
            f"import {DISPATCH}",
            f"from {program.filter.name} import {plugin}",
            "from pal.context import PluginContext",
            f"class Factory({DISPATCH}.PluginFactory):",
            f"    def create(self) -> PluginContext: return {plugin}()",
            f"{DISPATCH}.register(Factory())",
            *(_dispatchers(program, stream) if stream else ()),
            "",
        ]
    )


def _dispatchers(program: Program, stream: StatelessStream) -> list[str]:
    lines = [
        "from typing import Final",
        f"import pal.registry, {_ROOTS}",
        "from pal.action import Action, body_status, headers_status, trailers_status",
        f"from {program.filter.name} import {stream.name}",
        f"class CommonStream({_ROOTS}.CommonStream):",
        "    def __init__(self) -> None:",
        f"        self.context: {stream.name} | None = None",
        "    def forget(self) -> None:",
        "        self.context = None",
        "common: Final = CommonStream()",
        f"{_ROOTS}.register(common)",
        f"def find(context_id: int) -> {stream.name} | None:",
        f"    context = {_ROOTS}.of_stream(context_id)",
        f"    if not isinstance(context, {stream.name}):",
        "        return None",
        "    if pal.registry.only_plugin() is not None:",
        "        common.context = context",
        "    return context",
    ]
    for callback in needed_callbacks(program):
        if callback.name in _STREAM_CALLBACKS:
            lines += _dispatcher(callback, stream)
    return lines


def _dispatcher(callback: Callback, stream: StatelessStream) -> list[str]:
    parameters, arguments, converter = _STREAM_CALLBACKS[callback.name]
    method = callback.name.removeprefix("proxy_")
    call = f"context.{method}({arguments})"
    return [
        f"def {callback.name}(context_id: int, {parameters}) -> int:",
        "    context = common.context",
        "    if context is None:",
        "        context = find(context_id)",
        "        if context is None:",
        "            return 0",
        "    result = 0",
        "    try:",
        *_attempt(call, converter),
        "    except Exception as error:",
        f"        {DISPATCH}.report(error)",
        *(f"    context.{name}.forget()" for name in stream.maps.get(method, ())),
        "    return result",
    ]


def _attempt(call: str, converter: str) -> list[str]:
    """Call a method; what it returns is mostly CONTINUE, which is 0 wherever it is returned."""
    if not converter:
        return [f"        {call}"]
    return [
        f"        action = {call}",
        "        if action is not Action.CONTINUE:",
        f"            result = {converter}(action)",
    ]


def plugin_class(program: Program) -> str:
    """Name of the one concrete subclass of `PluginContext` in the filter module.

    Raises:
        CompileError: there is none, or more than one.
    """
    bases = _class_bases(program)
    filter_module = program.filter
    candidates = [
        node
        for node in filter_module.tree.body
        if isinstance(node, ast.ClassDef) and _descends_from_plugin(node.name, bases)
    ]
    subclassed = {base for node in candidates for base in bases.get(node.name, ())}
    plugins = [node for node in candidates if node.name not in subclassed]
    if len(plugins) == 1:
        return plugins[0].name
    raise CompileError([_not_one_plugin(filter_module, plugins)])


def needed_callbacks(program: Program) -> list[Callback]:
    """The callbacks that this program must export."""
    overridden = {
        statement.name
        for module in program.modules.values()
        for node in module.nodes
        if isinstance(node, ast.ClassDef) and (module.name, node.name) not in _PAL_CONTEXTS
        for statement in node.body
        if isinstance(statement, ast.FunctionDef)
    }
    imported = imported_modules(program)
    needed = [
        callback
        for callback in CALLBACKS
        if callback.always
        or overridden.intersection(callback.methods)
        or imported.intersection(callback.modules)
    ]
    if stateless_stream(program) is None:
        return needed
    return [_without_streams(callback) for callback in needed if callback.name not in _LIVES]


def _without_streams(callback: Callback) -> Callback:
    """A callback of a program that keeps no streams."""
    if callback.name in _STREAM_CALLBACKS:
        return replace(callback, collects=True, replaced_by=ENTRY_MODULE)
    return replace(callback, replaced_by=_ROOTS) if callback.name in _STARTS else callback


def imported_modules(program: Program) -> frozenset[str]:
    """Modules that the author's and the adapters' code imports, not the PAL among itself."""
    imported: set[str] = set()
    for module in program.modules.values():
        if _is_pal(module):
            continue
        for node in module.nodes:
            if isinstance(node, ast.Import):
                imported.update(alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                imported.add(node.module)
                imported.update(f"{node.module}.{alias.name}" for alias in node.names)
    return frozenset(imported)


def _is_pal(module: SourceModule) -> bool:
    return module.name.partition(".")[0] == "pal"


def _class_bases(program: Program) -> dict[str, list[str]]:
    return {
        node.name: [ast.unparse(base).rpartition(".")[2] for base in node.bases]
        for module in program.modules.values()
        for node in module.nodes
        if isinstance(node, ast.ClassDef)
    }


def _descends_from_plugin(name: str, bases: dict[str, list[str]]) -> bool:
    seen: set[str] = set()
    pending = list(bases.get(name, ()))
    while pending:
        base = pending.pop()
        if base == "PluginContext":
            return True
        if base not in seen:
            seen.add(base)
            pending.extend(bases.get(base, ()))
    return False


def _not_one_plugin(module: SourceModule, plugins: list[ast.ClassDef]) -> Diagnostic:
    if not plugins:
        message = (
            "no plugin: a filter module has one subclass of pal.PluginContext, "
            "whose create_http_context makes the context of each stream"
        )
        return Diagnostic(module.display_path, 1, 1, message)
    names = ", ".join(node.name for node in plugins)
    message = f"more than one plugin ({names}): a filter module has one subclass of PluginContext"
    return Diagnostic(module.display_path, plugins[1].lineno, plugins[1].col_offset + 1, message)
