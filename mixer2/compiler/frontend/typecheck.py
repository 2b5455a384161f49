"""Type checking by mypy, then mypyc's IR.

mypyc is pinned (mypy==2.4.1): it parses, infers, narrows, lowers closures, generators, `match`
and properties, and inserts reference counts and exception edges. Its C back end is not used.

mypy gets the rewritten sources as text, under paths in a work folder of their own. The cache of the
standard library's stubs is kept between builds (`cache_folder`).
"""

import os
import re
import shutil
from dataclasses import dataclass, replace
from pathlib import Path

from mypy.build import BuildResult, BuildSource, build, sorted_components
from mypy.errors import CompileError as MypyCompileError
from mypy.fscache import FileSystemCache
from mypy.nodes import TypeInfo
from mypy.options import Options
from mypy.types import Instance
from mypyc.codegen.emitmodule import compile_scc_to_ir
from mypyc.errors import Errors
from mypyc.ir.module_ir import ModuleIR
from mypyc.irbuild.mapper import Mapper
from mypyc.options import CompilerOptions

from mixer2.compiler.bug import crashes_as_errors
from mixer2.compiler.errors import CompileError, Diagnostic
from mixer2.compiler.frontend.arithmetic import let_arithmetic_fail
from mixer2.compiler.frontend.cycles import cyclic_classes
from mixer2.compiler.frontend.desugar import DataClasses, Desugared
from mixer2.compiler.frontend.dialect import refusals
from mixer2.compiler.frontend.entry import ENTRY_MODULE, entry_source
from mixer2.compiler.frontend.except_names import separate_except_names
from mixer2.compiler.frontend.free_variables import claim_module_names, drop_claims
from mixer2.compiler.frontend.library_names import missing_names
from mixer2.compiler.frontend.lowering import Lowered, lower_trees
from mixer2.compiler.frontend.nodes import Nodes
from mixer2.compiler.frontend.program import LIBRARY_PACKAGE, Program, first_column
from mixer2.compiler.frontend.range_names import set_range_names_in_turns

LIBRARY_GROUP = "mixer2"
"""What mypyc calls the one extension module that it would make of all modules."""

_MESSAGE = re.compile(
    r"^(?P<path>.+?):(?P<line>\d+)(?::(?P<column>\d+))?: (?P<kind>error|note): (?P<text>.*)$"
)


@dataclass(frozen=True, slots=True)
class TypedProgram:
    """The IR of every module, and how its lines map to the author's.

    Attributes:
        abstract_methods: What each abstract class, by its full name, leaves undefined.
        cyclic_classes: Full names of those whose instances can be part of a reference cycle.
    """

    modules: dict[str, ModuleIR]
    desugared: dict[str, Desugared]
    abstract_methods: dict[str, list[str]]
    cyclic_classes: frozenset[str]


def typecheck(program: Program, cache_folder: Path) -> TypedProgram:
    """Check a program and lower it to mypyc's IR, with all of mypyc's passes applied.

    Args:
        program: The filter and its modules.
        cache_folder: Where work files and mypy's cache are kept.

    Raises:
        CompileError: the program does not type-check, or mypyc refuses it.
    """
    refused = [
        refusal
        for module in program.modules.values()
        if module.is_author
        for refusal in [*refusals(module), *missing_names(module)]
    ]
    if refused:
        raise CompileError(refused)
    dataclasses = DataClasses(program)
    desugared = {name: Desugared(module, dataclasses) for name, module in program.modules.items()}
    refused = [d for module in desugared.values() for d in module.diagnostics]
    if refused:
        raise CompileError(refused)
    work = cache_folder / f"work-{os.getpid()}"
    try:
        return _typecheck(program, desugared, work, cache_folder / "mypy")
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _typecheck(
    program: Program, desugared: dict[str, Desugared], work: Path, mypy_cache: Path
) -> TypedProgram:
    texts = {name: module.text for name, module in desugared.items()}
    texts[ENTRY_MODULE] = entry_source(program)
    sources = _sources(program, texts, work)
    options = _options(work, mypy_cache)
    names = {str(_module_path(work, n, program)): n for n in texts}
    try:
        result = _check(sources, options)
    except CompileError as error:
        _check_original(program, work, mypy_cache)
        raise _in_authors_terms(error.diagnostics, program, names, desugared) from error
    errors = Errors(options)
    try:
        with crashes_as_errors(program.filter.display_path):
            modules, lowered, cyclic = _lower(result, program, sources, errors)
    except CompileError as error:
        raise _in_authors_terms(error.diagnostics, program, names, desugared) from error
    if errors.num_errors:
        raise _in_authors_terms(_parse(errors.new_messages()), program, names, desugared)
    return TypedProgram(modules, desugared, lowered.abstract_methods, cyclic)


def _lower(
    result: BuildResult, program: Program, sources: list[BuildSource], errors: Errors
) -> tuple[dict[str, ModuleIR], Lowered, frozenset[str]]:
    wanted = {source.module for source in sources}
    mapper = Mapper(dict.fromkeys(wanted, LIBRARY_GROUP))
    trees = [
        state.tree
        for component in sorted_components(result.graph)
        for state in (result.graph[name] for name in sorted(component.mod_ids))
        if state.id in wanted and state.tree
    ]
    separate_except_names(trees, result.types)
    set_range_names_in_turns(trees, result.types, Nodes(result))
    texts = {source.module: source.text or "" for source in sources}
    lowered = lower_trees(trees, texts, result)
    if lowered.diagnostics:
        raise CompileError(lowered.diagnostics)
    builtins = result.graph["builtins"].tree
    assert builtins is not None
    function = builtins.names["function"].node
    assert isinstance(function, TypeInfo)
    for tree in trees:
        if tree.fullname in program.modules:
            source = program.modules[tree.fullname].tree
            claim_module_names(tree, source, result.types, Instance(function, []))
    let_arithmetic_fail()
    modules = compile_scc_to_ir(trees, result, mapper, CompilerOptions(), errors)
    for module in modules.values():
        drop_claims(module)
    return modules, lowered, cyclic_classes(trees, modules.values())


def _options(work: Path, mypy_cache: Path) -> Options:
    options = Options()
    options.python_version = (3, 11)
    options.export_types = True
    options.preserve_asts = True
    options.incremental = True
    options.cache_dir = str(mypy_cache)
    options.mypy_path = [str(work)]
    options.show_column_numbers = True
    options.error_summary = False
    options.pretty = False
    options.hide_error_codes = False
    options.strict_optional = True
    options.disallow_untyped_defs = True
    options.disallow_incomplete_defs = True
    options.check_untyped_defs = True
    options.disallow_any_generics = True
    options.disallow_subclassing_any = True
    options.warn_return_any = True
    options.extra_checks = True
    return options


def _module_path(work: Path, name: str, program: Program) -> Path:
    module = program.modules.get(name)
    path = work.joinpath(*name.split("."))
    is_package = module is not None and module.path.name == "__init__.py"
    return path / "__init__.py" if is_package else path.with_suffix(".py")


def _sources(program: Program, texts: dict[str, str], work: Path) -> list[BuildSource]:
    sources = []
    for name, text in texts.items():
        path = _module_path(work, name, program)
        sources.append(BuildSource(str(path), name, text))
    # A package that no module of the program stands for is looked for on disk.
    library = work / LIBRARY_PACKAGE / "__init__.py"
    library.parent.mkdir(parents=True, exist_ok=True)
    library.touch()
    return sources


def _check(sources: list[BuildSource], options: Options) -> BuildResult:
    # mypy takes no module that comes as text out of its cache, which has no syntax trees: guest
    # modules are always those of now, and writing them there would be of no use.
    options.per_module_options = {source.module: {"cache_dir": os.devnull} for source in sources}
    options.build_per_module_cache()
    with crashes_as_errors(sources[0].path or sources[0].module):
        try:
            result = build(sources=sources, options=options, fscache=FileSystemCache())
        except MypyCompileError as error:
            raise CompileError(_parse(error.messages)) from error
    if result.errors:
        raise CompileError(_parse(result.errors))
    return result


def _check_original(program: Program, work: Path, mypy_cache: Path) -> None:
    """Check the author's own text, for messages with the author's lines and columns.

    Raises:
        CompileError: what mypy says about it.
    """
    folder = work / "original"
    texts = {name: module.text for name, module in program.modules.items()}
    sources = [
        s for s in _sources(program, texts, folder) if not s.module.startswith(LIBRARY_PACKAGE)
    ]
    options = _options(folder, mypy_cache)
    options.incremental = False
    names = {str(_module_path(folder, n, program)): n for n in texts}
    try:
        _check(sources, options)
    except CompileError as error:
        raise _in_authors_terms(error.diagnostics, program, names, {}) from error


def _parse(messages: list[str]) -> list[Diagnostic]:
    diagnostics: list[Diagnostic] = []
    for message in messages:
        if match := _MESSAGE.match(message):
            if match["kind"] == "note" and diagnostics:
                diagnostics[-1] = _with_note(diagnostics[-1], match["text"])
                continue
            line, column = int(match["line"]), int(match["column"] or 0)
            diagnostics.append(Diagnostic(match["path"], line, column, match["text"]))
    return diagnostics or [Diagnostic("<program>", 1, 0, "\n".join(messages))]


def _with_note(diagnostic: Diagnostic, note: str) -> Diagnostic:
    """A complaint, and what is noted behind it."""
    return replace(diagnostic, message=f"{diagnostic.message}; {note.strip('()')}")


def _in_authors_terms(
    diagnostics: list[Diagnostic],
    program: Program,
    names: dict[str, str],
    desugared: dict[str, Desugared],
) -> CompileError:
    return CompileError([_located(d, program, names, desugared) for d in diagnostics])


def _located(
    diagnostic: Diagnostic,
    program: Program,
    names: dict[str, str],
    desugared: dict[str, Desugared],
) -> Diagnostic:
    """The same complaint at the author's path and line."""
    for path, name in names.items():
        if path.endswith(diagnostic.path) and (module := program.modules.get(name)):
            line = diagnostic.line
            if name in desugared:
                line = desugared[name].original_line(line)
            column = diagnostic.column or first_column(module.nodes, line)
            message = diagnostic.message.replace(f"{LIBRARY_PACKAGE}.", "")
            return Diagnostic(module.display_path, line, column, message)
    return diagnostic
