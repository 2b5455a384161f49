"""CEL itself: what Google's C++ implementation makes of an expression."""

from typing import Any

from cel_expr_python import cel

# What the expressions of the tests may name; dots are part of the names for both sides.
HEADERS = {"x-user": "bob", "x-count": "17", "empty": ""}
METHOD = "GET"
PATH = "/api/users/17?full=1"

_ENVIRONMENT: Any = cel.NewEnv(
    variables={
        "request.method": cel.Type.STRING,
        "request.path": cel.Type.STRING,
        "request.headers": cel.Type.Map(cel.Type.STRING, cel.Type.STRING),
    }
)
_DATA = {"request.method": METHOD, "request.path": PATH, "request.headers": HEADERS}


class OracleRefusedError(Exception):
    """It is no CEL, or its types do not fit."""


class OracleFailedError(Exception):
    """It has no value."""


def evaluate(source: str) -> object:
    """Value of an expression.

    Raises:
        OracleRefusedError: it does not compile.
        OracleFailedError: its evaluation ends in an error.
    """
    try:
        compiled = _ENVIRONMENT.compile(source)
    except RuntimeError as error:
        raise OracleRefusedError(str(error)) from error
    result = compiled.eval(data=_DATA)
    if result.type() == cel.Type.ERROR:
        raise OracleFailedError(str(result.value()))
    value: object = result.plain_value()
    return value
