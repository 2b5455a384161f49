"""The entry module: registers the plugin and exports the callbacks that the program needs.

For `filters/hello.py`, which overrides `on_response_headers` only:

    import pal.dispatch
    from filters.hello import HelloPlugin
    from pal.context import PluginContext

    class Factory(pal.dispatch.PluginFactory):
        def create(self) -> PluginContext: return HelloPlugin()

    pal.dispatch.register(Factory())
"""

import ast

from mixer2.compiler.callbacks import CALLBACKS, DISPATCH, Callback
from mixer2.compiler.errors import CompileError, Diagnostic
from mixer2.compiler.frontend.program import Program, SourceModule

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


def entry_source(program: Program) -> str:
    """Python source of the entry module.

    Raises:
        CompileError: the filter has no plugin class, or more than one.
    """
    plugin = plugin_class(program)
    return "\n".join(
        [
            f"import {DISPATCH}",
            f"from {program.filter.name} import {plugin}",
            "from pal.context import PluginContext",
            f"class Factory({DISPATCH}.PluginFactory):",
            f"    def create(self) -> PluginContext: return {plugin}()",
            f"{DISPATCH}.register(Factory())",
            "",
        ]
    )


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
    return [
        callback
        for callback in CALLBACKS
        if callback.always
        or overridden.intersection(callback.methods)
        or imported.intersection(callback.modules)
    ]


def imported_modules(program: Program) -> frozenset[str]:
    """Modules that the author's and the adapters' code imports, not the PAL among itself."""
    imported: set[str] = set()
    for module in program.modules.values():
        if module.name.partition(".")[0] == "pal":
            continue
        for node in module.nodes:
            if isinstance(node, ast.Import):
                imported.update(alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                imported.add(node.module)
                imported.update(f"{node.module}.{alias.name}" for alias in node.names)
    return frozenset(imported)


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
