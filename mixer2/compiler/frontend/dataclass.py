"""What the decorator `dataclass` would write, as source.

@dataclass                     class Point:
class Point:           ->          def __init__(self, x: int, y: int = 0) -> None:
    x: int                             self.x = x
    y: int = 0                         self.y = y
                                   def __eq__(self, other: object) -> bool: ...
"""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

# `Final` under a name that no author uses.
FINAL = "mixer2_Final"

_OPTIONS = frozenset(
    {"frozen", "slots", "eq", "init", "repr", "order", "kw_only", "unsafe_hash", "match_args"}
)
_FIELD_OPTIONS = frozenset(
    {"default", "default_factory", "init", "repr", "compare", "hash", "kw_only"}
)
_ORDER = {"__lt__": "<", "__le__": "<=", "__gt__": ">", "__ge__": ">="}

Refuse = Callable[[ast.expr | ast.stmt, str], None]


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a dataclass.

    Attributes:
        default, factory: Source of the default value, or of what makes it.
        own: Declared in this class, not in a base.
    """

    name: str
    type: str
    default: str | None = None
    factory: str | None = None
    in_init: bool = True
    in_repr: bool = True
    compared: bool = True
    hashed: bool = True
    keyword_only: bool = False
    own: bool = True


@dataclass(slots=True)
class DataClass:
    """A dataclass as its source says it."""

    node: ast.ClassDef
    decorator: ast.expr
    options: dict[str, bool]
    fields: list[Field] = field(default_factory=list)
    statements: list[ast.AnnAssign] = field(default_factory=list)
    has_post_init: bool = False
    extends_dataclass: bool = False
    frozen_base: "DataClass | None" = None

    def option(self, name: str, *, default: bool = False) -> bool:
        """An argument of the decorator."""
        return self.options.get(name, default)


def find_decorator(class_: ast.ClassDef) -> ast.expr | None:
    """The decorator that makes a class a dataclass."""
    for decorator in class_.decorator_list:
        called = decorator.func if isinstance(decorator, ast.Call) else decorator
        if ast.unparse(called) in ("dataclass", "dataclasses.dataclass"):
            return decorator
    return None


def read_dataclass(
    class_: ast.ClassDef, decorator: ast.expr, bases: list[DataClass], refuse: Refuse
) -> DataClass:
    """Understand a dataclass.

    Args:
        class_: Its definition.
        decorator: `find_decorator` of it.
        bases: The dataclasses that it extends, at most one.
        refuse: Takes complaints.
    """
    found = DataClass(class_, decorator, _read_options(decorator, refuse))
    inherited = bases[0] if bases else None
    if inherited is not None:
        found.extends_dataclass = True
        found.fields = [replace(f, own=False) for f in inherited.fields]
        found.has_post_init = inherited.has_post_init
        if found.option("frozen"):
            found.frozen_base = inherited
    found.has_post_init |= _defines(class_, "__post_init__")
    keyword_only = found.option("kw_only")
    for statement in class_.body:
        if not isinstance(statement, ast.AnnAssign) or _is_class_var(statement):
            continue
        found.statements.append(statement)
        if ast.unparse(statement.annotation).rpartition(".")[2] == "KW_ONLY":
            keyword_only = True
            continue
        _add_field(found, _read_field(statement, keyword_only, refuse))
    return found


def _add_field(class_: DataClass, new: Field) -> None:
    """A field of the same name keeps its place."""
    for index, old in enumerate(class_.fields):
        if old.name == new.name:
            class_.fields[index] = replace(new, own=False)
            return
    class_.fields.append(new)


def _read_options(decorator: ast.expr, refuse: Refuse) -> dict[str, bool]:
    options: dict[str, bool] = {}
    for keyword in decorator.keywords if isinstance(decorator, ast.Call) else []:
        value = keyword.value
        if keyword.arg not in _OPTIONS or not isinstance(value, ast.Constant):
            refuse(value, f"dataclass option {keyword.arg!r} is not in the dialect: leave it out")
        else:
            options[str(keyword.arg)] = bool(value.value)
    return options


def _read_field(statement: ast.AnnAssign, keyword_only: bool, refuse: Refuse) -> Field:
    assert isinstance(statement.target, ast.Name)
    annotation = ast.unparse(statement.annotation)
    if annotation.rpartition(".")[2].startswith("InitVar"):
        refuse(statement, "InitVar is not in the dialect: write __init__")
    found = Field(statement.target.id, annotation, keyword_only=keyword_only)
    value = statement.value
    if isinstance(value, ast.List | ast.Dict | ast.Set):
        refuse(value, f"mutable default for field {found.name}: use field(default_factory=...)")
        return found
    if not isinstance(value, ast.Call) or not _is_field_call(value):
        return found if value is None else replace(found, default=ast.unparse(value))
    options = {str(k.arg): k.value for k in value.keywords}
    for name in options.keys() - _FIELD_OPTIONS:
        refuse(value, f"option {name!r} of field() is not in the dialect: leave it out")
    for name in options.keys() & {"init", "repr", "compare", "hash", "kw_only"}:
        if not isinstance(options[name], ast.Constant):
            refuse(value, f"option {name!r} of field() must be True or False here")
    if "default_factory" in options and "None" in annotation:
        message = "default_factory for a field that may be None: set the default in __post_init__"
        refuse(value, message)
    compared = _truth(options.get("compare"), default=True)
    return replace(
        found,
        default=_source(options.get("default")),
        factory=_source(options.get("default_factory")),
        in_init=_truth(options.get("init"), default=True),
        in_repr=_truth(options.get("repr"), default=True),
        compared=compared,
        hashed=_truth(options.get("hash"), default=compared),
        keyword_only=_truth(options.get("kw_only"), default=keyword_only),
    )


def _is_field_call(call: ast.Call) -> bool:
    return ast.unparse(call.func) in ("field", "dataclasses.field")


def _truth(node: ast.expr | None, *, default: bool) -> bool:
    if isinstance(node, ast.Constant) and node.value is not None:
        return bool(node.value)
    return default


def _source(node: ast.expr | None) -> str | None:
    return None if node is None else ast.unparse(node)


def _is_class_var(statement: ast.AnnAssign) -> bool:
    return ast.unparse(statement.annotation).startswith(("ClassVar", "typing.ClassVar"))


def _defines(class_: ast.ClassDef, name: str) -> bool:
    return any(isinstance(s, ast.FunctionDef) and s.name == name for s in class_.body)


def methods(class_: DataClass, *, match_args: bool) -> list[str]:
    """Lines of what the decorator adds, to be indented as the body of the class is.

    Args:
        class_: The dataclass.
        match_args: Whether patterns of the program may look at the fields by position.
    """
    lines: list[str] = []
    written = {
        "__init__": (_init, class_.option("init", default=True)),
        "__eq__": (_eq, class_.option("eq", default=True)),
        "__repr__": (_repr, class_.option("repr", default=True)),
        "__hash__": (_hash, _is_hashable(class_)),
    }
    for name, (write, wanted) in written.items():
        if wanted and not _defines(class_.node, name):
            lines += write(class_)
    if class_.option("order"):
        lines += [line for name, symbol in _ORDER.items() for line in _order(class_, name, symbol)]
    names = [f.name for f in class_.fields if f.in_init and not f.keyword_only]
    # A base's are the first of these: the type checker does not let a class change them.
    if match_args and names and not class_.extends_dataclass:
        lines.append(f"__match_args__ = ({', '.join(map(repr, names))},)")
    return lines


def _is_hashable(class_: DataClass) -> bool:
    by_value = class_.option("eq", default=True) and class_.option("frozen")
    return class_.option("unsafe_hash") or by_value


def _init(class_: DataClass) -> list[str]:
    taken = [f for f in class_.fields if f.in_init]
    by_position = [_parameter(f) for f in taken if not f.keyword_only]
    by_name = [_parameter(f) for f in taken if f.keyword_only]
    parameters = ["self", *by_position, *(["*", *by_name] if by_name else [])]
    lines = [f"def __init__({', '.join(parameters)}) -> None:"]
    base = class_.frozen_base
    if base is not None:
        given = ", ".join(f"{f.name}={_value(f)}" for f in base.fields if f.in_init)
        lines.append(f"    super().__init__({given})")
    # Final makes the type checker refuse an assignment, which a frozen dataclass does too.
    frozen = class_.option("frozen")
    for item in class_.fields:
        if base is not None and not item.own:
            continue
        value = _value(item)
        annotation = f": {FINAL}[{item.type}]" if frozen else f": {item.type}"
        if not item.own:
            annotation = ""
        if value is not None:
            lines.append(f"    self.{item.name}{annotation} = {value}")
    if class_.has_post_init:
        lines.append("    self.__post_init__()")
    if len(lines) == 1:
        lines.append("    pass")
    declared = [f"{f.name}: {f.type}" for f in class_.fields if f.own and _value(f) is None]
    return declared + lines


def _parameter(item: Field) -> str:
    if item.factory is not None:
        return f"{item.name}: {item.type} | None = None"
    default = "" if item.default is None else f" = {item.default}"
    return f"{item.name}: {item.type}{default}"


def _value(item: Field) -> str | None:
    """What the field becomes in __init__; None when that leaves it alone."""
    made = None
    if item.factory is not None:
        is_name = item.factory.replace(".", "").isidentifier()
        made = f"{item.factory}()" if is_name else f"({item.factory})()"
    if not item.in_init:
        return made or item.default
    return item.name if made is None else f"{made} if {item.name} is None else {item.name}"


def _guard(class_: DataClass, *, narrow: bool) -> Iterator[str]:
    name = class_.node.name
    narrowing = f" or not isinstance(other, {name})" if narrow else ""
    yield f"    if type(other) is not type(self){narrowing}: return NotImplemented"


def _eq(class_: DataClass) -> list[str]:
    names = [f.name for f in class_.fields if f.compared]
    equal = " and ".join(f"self.{name} == other.{name}" for name in names)
    return [
        "def __eq__(self, other: object) -> bool:",
        *_guard(class_, narrow=True),
        f"    return {equal or 'True'}",
    ]


def _order(class_: DataClass, name: str, symbol: str) -> list[str]:
    names = [f.name for f in class_.fields if f.compared]
    mine = "".join(f"self.{n}, " for n in names)
    others = "".join(f"other.{n}, " for n in names)
    return [
        f'def {name}(self, other: "{class_.node.name}") -> bool:',
        *_guard(class_, narrow=False),
        f"    return ({mine}) {symbol} ({others})",
    ]


def _hash(class_: DataClass) -> list[str]:
    values = "".join(f"self.{f.name}, " for f in class_.fields if f.compared and f.hashed)
    return ["def __hash__(self) -> int:", f"    return hash(({values}))"]


def _repr(class_: DataClass) -> list[str]:
    shown = ", ".join(f"{f.name}={{self.{f.name}!r}}" for f in class_.fields if f.in_repr)
    return ["def __repr__(self) -> str:", f'    return f"{class_.node.name}({shown})"']
