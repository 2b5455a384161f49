"""CEL over attributes: the foreign functions `expr_create`, `expr_evaluate` and `expr_delete`.

Evaluated by cel-cpp, which is what Envoy evaluates with, by way of its Python package
(docs/decisions/0016). Here is what surrounds it: which functions Envoy knows, how attributes become
CEL's values, and how a result becomes bytes.
Source: Envoy, `source/extensions/common/wasm/foreign.cc`, `context.cc`; Envoy 1.40's answers.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from typing import TYPE_CHECKING, Any, Final

from mixer2.testhost.abi import Status
from mixer2.testhost.errors import Refused, UnsupportedError
from mixer2.testhost.header_map import HeaderMap
from mixer2.testhost.properties import AttributeValue, Message, Namespace, serialise

if TYPE_CHECKING:
    from mixer2.testhost.contexts import Context

_TOKEN_BYTES: Final = 4

# fmt: off
_FUNCTIONS: Final = frozenset((
    "_?_:_", "_&&_", "_||_", "!_", "-_", "_+_", "_-_", "_*_", "_/_", "_%_", "_==_", "_!=_",
    "_<_", "_<=_", "_>_", "_>=_", "_[_]", "@in", "@not_strictly_false",
    "size", "contains", "startsWith", "endsWith", "matches", "int", "uint", "double", "string",
    "bytes", "bool", "dyn", "type", "duration", "timestamp", "getFullYear", "getMonth",
    "getDate", "getDayOfMonth", "getDayOfWeek", "getDayOfYear", "getHours", "getMinutes",
    "getSeconds", "getMilliseconds",
))
# fmt: on
"""CEL's standard functions. An expression that calls another is refused when it is created."""

_TIMES: Final = frozenset({"request.time"})
_DURATIONS: Final = frozenset(
    {"request.duration", "response.backend_latency", "upstream.cx_pool_ready_duration"}
)
_UNSIGNED: Final = frozenset(
    {"connection.id", "connection_id", "upstream.num_endpoints", "upstream.request_attempt_count"}
)
"""Attributes that are numbers to the ABI, and to CEL are of types of their own."""


class Expression:
    """One parsed expression.

    Args:
        text: As the guest gave it.

    Raises:
        Refused: BAD_ARGUMENT, it is none.
        UnsupportedError: the CEL package is not installed.
    """

    def __init__(self, text: bytes) -> None:
        cel = _cel()
        try:
            self._compiled = cel.NewEnv().compile(text.decode(), disable_check=True)
        except (RuntimeError, UnicodeDecodeError):
            raise Refused(Status.BAD_ARGUMENT) from None
        self._names: set[str] = set()
        self._keys: set[str] = set()
        self._functions: set[str] = set()
        for node in _nodes(self._compiled.serialize()):
            if node.HasField("call_expr"):
                self._functions.add(node.call_expr.function)
            if node.HasField("ident_expr"):
                self._names.add(node.ident_expr.name)
            if node.HasField("select_expr"):
                self._keys.add(node.select_expr.field)
            if node.HasField("const_expr"):
                self._keys.add(node.const_expr.string_value)

    def check_functions(self) -> None:
        """Refused with BAD_ARGUMENT when it calls a function that Envoy does not know."""
        if not self._functions <= _FUNCTIONS:
            raise Refused(Status.BAD_ARGUMENT)

    def evaluate(self, context: "Context") -> bytes:
        """Its value in a context, serialised as an attribute's.

        Raises:
            Refused: INTERNAL_FAILURE for no value, SERIALIZATION_FAILURE for one without bytes.
            UnsupportedError: an attribute that it names is no UTF-8.
        """
        values: dict[str, object] = {}
        for name in self._names:
            try:
                values[name] = self._to_cel(context.attribute(name), name)
            except KeyError:
                continue
        result = self._compiled.eval(data=values)
        if result.type() == _cel().Type.ERROR:
            raise Refused(Status.INTERNAL_FAILURE)
        return serialise(_from_cel(result))

    def _to_cel(self, value: AttributeValue, path: str) -> object:
        """A value as the CEL package takes it: plain Python, or a protobuf message."""
        match value:
            case str():
                # Bytes that are no UTF-8 are lone surrogates here (PEP 383).
                if any("\udc80" <= character <= "\udcff" for character in value):
                    raise UnsupportedError(f"{path} is no UTF-8: CEL in this test host needs that")
                return value
            case bool() | bytes() | float() | None:
                return value
            case int():
                return _typed_number(value, path)
            case Namespace():
                members = {
                    name: self._to_cel(member, f"{path}.{name}")
                    for name, member in value.members().items()
                }
                # A group has members and no value: with this one in it, it cannot be serialised.
                return members | {"": None}
            case Message():
                return _protobuf(path).FromString(value.serialise())
            case HeaderMap():
                return self._headers(value, path)
            case Mapping():
                if path == "xds.node":
                    return _node(value)
                return {key: self._to_cel(item, f"{path}.{key}") for key, item in value.items()}
            case Sequence():
                return [self._to_cel(item, path) for item in value]
        raise TypeError(f"attribute {path} is {value!r}")

    def _headers(self, headers: HeaderMap, path: str) -> dict[str, object]:
        """Headers by name, which in CEL too is case-insensitive: as the expression writes them."""
        shown = {
            name: self._to_cel(",".join(headers.get_all(name)), f"{path}.{name}")
            for name in headers
        }
        return shown | {key: shown[key.lower()] for key in self._keys if key.lower() in shown}


class Expressions:
    """The expressions of one root context, by token."""

    def __init__(self) -> None:
        self._expressions: dict[int, Expression] = {}
        self._next = count()

    def create(self, text: bytes) -> bytes:
        """`expr_create`: the token of a new expression."""
        expression = Expression(text)
        token = next(self._next)
        expression.check_functions()
        self._expressions[token] = expression
        return token.to_bytes(_TOKEN_BYTES, "little")

    def evaluate(self, context: "Context", argument: bytes) -> bytes:
        """`expr_evaluate`."""
        expression = self._expressions.get(_token(argument))
        if expression is None:
            raise Refused(Status.NOT_FOUND)
        return expression.evaluate(context)

    def delete(self, argument: bytes) -> None:
        """`expr_delete`; what is not there is deleted already."""
        self._expressions.pop(_token(argument), None)


def _token(argument: bytes) -> int:
    if len(argument) != _TOKEN_BYTES:
        raise Refused(Status.BAD_ARGUMENT)
    return int.from_bytes(argument, "little")


# Optional, and slow to load: only plugins with expressions need them.


def _cel() -> Any:
    try:
        from cel_expr_python import cel  # noqa: PLC0415
    except ImportError as error:
        raise UnsupportedError(
            "CEL expressions need the package cel-expr-python, which mixer2[test] brings where "
            "it exists; or give the test functions of its own: "
            "load(foreign_functions={'expr_create': ..., 'expr_evaluate': ...})"
        ) from error
    return cel


def _nodes(serialised: bytes) -> Iterator[Any]:
    """All nodes of a syntax tree (`cel.expr.ParsedExpr` in an `Any`)."""
    from cel.expr.syntax_pb2 import ParsedExpr  # noqa: PLC0415
    from google.protobuf.any_pb2 import Any as AnyMessage  # noqa: PLC0415

    waiting = [ParsedExpr.FromString(AnyMessage.FromString(serialised).value).expr]
    while waiting:
        node = waiting.pop()
        yield node
        match node.WhichOneof("expr_kind"):
            case "call_expr":
                waiting += [*node.call_expr.args]
                if node.call_expr.HasField("target"):
                    waiting.append(node.call_expr.target)
            case "select_expr":
                waiting.append(node.select_expr.operand)
            case "list_expr":
                waiting += node.list_expr.elements
            case "struct_expr":
                waiting += [entry.map_key for entry in node.struct_expr.entries]
                waiting += [entry.value for entry in node.struct_expr.entries]
            case "comprehension_expr":
                loop = node.comprehension_expr
                waiting += [loop.iter_range, loop.accu_init, loop.loop_condition, loop.loop_step]
                waiting.append(loop.result)


def _typed_number(value: int, path: str) -> object:
    from google.protobuf.duration_pb2 import Duration  # noqa: PLC0415
    from google.protobuf.timestamp_pb2 import Timestamp  # noqa: PLC0415
    from google.protobuf.wrappers_pb2 import UInt64Value  # noqa: PLC0415

    if path in _UNSIGNED:
        return UInt64Value(value=value)
    if path in _TIMES:
        time = Timestamp()
        time.FromNanoseconds(value)
        return time
    if path in _DURATIONS:
        duration = Duration()
        duration.FromNanoseconds(value)
        return duration
    return value


def _protobuf(path: str) -> Any:
    from envoy.config.core.v3.base_pb2 import Locality, Metadata  # noqa: PLC0415

    return Locality if path.endswith("locality") else Metadata


def _node(fields: Mapping[str, AttributeValue]) -> Any:
    from envoy.config.core.v3.base_pb2 import Node  # noqa: PLC0415
    from google.protobuf.json_format import ParseDict  # noqa: PLC0415

    return ParseDict(dict(fields), Node(), ignore_unknown_fields=True)


def _from_cel(result: Any) -> AttributeValue:
    """A result, as attributes are. Times are read from its text: Python's have no nanoseconds."""
    from google.protobuf.duration_pb2 import Duration  # noqa: PLC0415
    from google.protobuf.message import Message as ProtobufMessage  # noqa: PLC0415
    from google.protobuf.timestamp_pb2 import Timestamp  # noqa: PLC0415

    types = _cel().Type
    if result.type() == types.TYPE:
        return None
    if result.type() == types.BYTES:
        return bytes(result.plain_value())
    if result.type() in (types.TIMESTAMP, types.DURATION):
        moment = Timestamp() if result.type() == types.TIMESTAMP else Duration()
        moment.FromJsonString(str(result))
        return moment.ToNanoseconds()
    value = result.value()
    if isinstance(value, ProtobufMessage):
        return value.SerializeToString()
    if isinstance(value, list):
        return [_from_cel(item) for item in value]
    if isinstance(value, dict):
        return {key: _from_cel(item) for key, item in value.items()}
    return value
