"""Expression text to operands: recursive descent, types checked on the way.

    conditional = or ["?" or ":" conditional]
    or          = and {"||" and}
    and         = relation {"&&" relation}
    relation    = sum {("<" | "<=" | ">=" | ">" | "==" | "!=" | "in") sum}
    sum         = product {("+" | "-") product}
    product     = unary {("*" | "/" | "%") unary}
    unary       = member | "!" unary | "-" unary
    member      = primary {"." NAME "(" arguments ")" | "." NAME | "[" conditional "]"}
    primary     = literal | name {"." name} | NAME "(" arguments ")"
                | "(" conditional ")" | "[" arguments "]"

Source: CEL language definition, "Syntax".
"""

from typing import Final

from adapters.mixer.expression import checking, functions
from adapters.mixer.expression.arithmetic import LARGEST_INT, Negation
from adapters.mixer.expression.errors import ExpressionError
from adapters.mixer.expression.lexer import Token, TokenKind, tokens
from adapters.mixer.expression.logic import And, Conditional, Not, Or
from adapters.mixer.expression.lookup import (
    AttributeOperand,
    Entry,
    HeadersOperand,
)
from adapters.mixer.expression.operand import (
    BoolConstant,
    DoubleConstant,
    Expression,
    IntConstant,
    ListLiteral,
    TextConstant,
)
from adapters.mixer.scope import Scope
from adapters.mixer.types import Type, a_type

MOST_CHARACTERS: Final = 4096
_DEEPEST: Final = 32


def parse(source: str, scope: Scope, over: bool) -> Expression:
    """Compile an expression.

    Args:
        source: Its text, at most 4096 characters.
        scope: The attributes that it may name.
        over: Whether it is evaluated when the exchange is over, where the response is known.

    Raises:
        ExpressionError: it is none, names what there is not, or its types do not fit.
    """
    if len(source) > MOST_CHARACTERS:
        raise ExpressionError(1, f"longer than {MOST_CHARACTERS} characters")
    parser = _Parser(tokens(source), scope, over)
    return parser.whole()


class _Parser:
    def __init__(self, found: list[Token], scope: Scope, over: bool) -> None:
        self._tokens = found
        self._at = 0
        self._scope = scope
        self._over = over
        self._depth = 0

    def whole(self) -> Expression:
        expression = self._conditional()
        token = self._peek()
        if token.kind is not TokenKind.END:
            raise _unexpected(token, "an operator")
        return expression

    def _peek(self) -> Token:
        return self._tokens[self._at]

    def _next(self) -> Token:
        token = self._tokens[self._at]
        if token.kind is not TokenKind.END:
            self._at += 1
        return token

    def _is(self, operator: str) -> bool:
        token = self._peek()
        return token.kind is TokenKind.OPERATOR and token.text == operator

    def _takes(self, operator: str) -> bool:
        if not self._is(operator):
            return False
        self._at += 1
        return True

    def _expect(self, operator: str) -> None:
        if not self._takes(operator):
            raise _unexpected(self._peek(), f"'{operator}'")

    def _conditional(self) -> Expression:
        self._depth += 1
        column = self._peek().column
        if self._depth > _DEEPEST:
            raise ExpressionError(column, f"nested more than {_DEEPEST} levels deep")
        condition = self._or()
        if self._takes("?"):
            checking.expect(condition, Type.BOOL, "before '?'", column)
            yes = self._or()
            self._expect(":")
            column = self._peek().column
            no = self._conditional()
            checking.expect_scalar(yes, column)
            checking.expect(no, yes.kind, "as the other branch", column)
            condition = Conditional(condition, yes, no)
        self._depth -= 1
        return condition

    def _or(self) -> Expression:
        column = self._peek().column
        left = self._and()
        while self._takes("||"):
            checking.expect(left, Type.BOOL, "on the left of '||'", column)
            column = self._peek().column
            right = self._and()
            checking.expect(right, Type.BOOL, "on the right of '||'", column)
            left = Or(left, right)
        return left

    def _and(self) -> Expression:
        column = self._peek().column
        left = self._relation()
        while self._takes("&&"):
            checking.expect(left, Type.BOOL, "on the left of '&&'", column)
            column = self._peek().column
            right = self._relation()
            checking.expect(right, Type.BOOL, "on the right of '&&'", column)
            left = And(left, right)
        return left

    def _relation(self) -> Expression:
        named = self._scope.named()
        left = self._sum()
        while True:
            token = self._peek()
            if token.kind is TokenKind.NAME and token.text == "in":
                self._next()
                # Each item of a list may ask for the left side anew.
                self._scope.repeat(named)
                left = checking.containment(left, self._sum(), token.column)
            elif token.kind is TokenKind.OPERATOR and checking.is_relation(token.text):
                self._next()
                left = checking.comparison(token.text, left, self._sum(), token.column)
            else:
                return left

    def _sum(self) -> Expression:
        left = self._product()
        while self._is("+") or self._is("-"):
            token = self._next()
            left = checking.arithmetic(token.text, left, self._product(), token.column)
        return left

    def _product(self) -> Expression:
        left = self._unary()
        while self._is("*") or self._is("/") or self._is("%"):
            token = self._next()
            left = checking.arithmetic(token.text, left, self._unary(), token.column)
        return left

    def _unary(self) -> Expression:
        # A loop, so that a row of signs is no deep recursion.
        signs: list[Token] = []
        while self._is("!") or self._is("-"):
            signs.append(self._next())
        column = self._peek().column
        operand = self._member()
        while signs:
            sign = signs.pop()
            if sign.text == "!":
                checking.expect(operand, Type.BOOL, "after '!'", column)
                operand = Not(operand)
            elif operand.kind in (Type.INT, Type.DOUBLE, Type.DURATION):
                operand = Negation(operand)
            else:
                kind = a_type(operand.kind)
                raise ExpressionError(column, f"expected a number after '-', got {kind}")
        return operand

    def _member(self) -> Expression:
        operand = self._primary()
        while True:
            column = self._peek().column
            if self._takes("."):
                token = self._next()
                if token.kind is not TokenKind.NAME:
                    raise _unexpected(token, "a name")
                if self._is("("):
                    arguments = self._call()
                    operand = functions.method(token.text, operand, arguments, token.column)
                else:
                    operand = self._entry(operand, TextConstant(token.text), token.column)
            elif self._takes("["):
                key = self._conditional()
                self._expect("]")
                operand = self._entry(operand, key, column)
            else:
                return operand

    def _primary(self) -> Expression:
        token = self._next()
        if token.kind is TokenKind.TEXT:
            return TextConstant(token.text)
        if token.kind is TokenKind.INT:
            return _int_constant(token)
        if token.kind is TokenKind.DOUBLE:
            return DoubleConstant(float(token.text))
        if token.kind is TokenKind.NAME:
            return self._named(token)
        if token.text == "(" and token.kind is TokenKind.OPERATOR:
            inner = self._conditional()
            self._expect(")")
            return inner
        if token.text == "[" and token.kind is TokenKind.OPERATOR:
            return ListLiteral(self._operands("]"))
        raise _unexpected(token, "a value")

    def _named(self, token: Token) -> Expression:
        if token.text in ("true", "false"):
            return BoolConstant(token.text == "true")
        if token.text == "null":
            raise ExpressionError(token.column, "there is no null; ask has(attribute)")
        if self._is("("):
            return functions.call(token.text, self._call(), token.column)
        return self._attribute(token)

    def _attribute(self, token: Token) -> Expression:
        """The attribute with the longest name that the dotted names spell."""
        names = [token.text]
        while self._dotted(len(names) - 1):
            names.append(self._tokens[self._at + 2 * len(names) - 1].text)
        for count in range(len(names), 0, -1):
            path = ".".join(names[:count])
            operand = self._lookup(path, token.column)
            if operand is not None:
                self._at += 2 * (count - 1)
                return operand
        path = ".".join(names)
        suggestion = self._scope.suggestion(path)
        raise ExpressionError(token.column, f"unknown attribute {path}; {suggestion}")

    def _dotted(self, more: int) -> bool:
        """Whether a dot and a name that is not called follow, `more` such pairs later."""
        at = self._at + 2 * more
        if at + 2 >= len(self._tokens):
            return False
        dot, name, after = self._tokens[at], self._tokens[at + 1], self._tokens[at + 2]
        if dot.kind is not TokenKind.OPERATOR or dot.text != ".":
            return False
        is_called = after.kind is TokenKind.OPERATOR and after.text == "("
        return name.kind is TokenKind.NAME and not is_called

    def _lookup(self, path: str, column: int) -> Expression | None:
        entry = self._scope.map_of(path)
        if entry is not None:
            self._refuse_early(path, entry.from_response, column)
            return HeadersOperand(entry)
        attribute = self._scope.attribute(path)
        if attribute is None:
            return None
        self._refuse_early(path, attribute.from_response, column)
        return AttributeOperand(attribute)

    def _refuse_early(self, path: str, from_response: bool, column: int) -> None:
        if from_response and not self._over:
            raise ExpressionError(
                column, f"{path} is known only when the exchange is over, in rules that report"
            )

    def _entry(self, operand: Expression, key: Expression, column: int) -> Expression:
        if not isinstance(operand, HeadersOperand):
            kind = a_type(operand.kind)
            raise ExpressionError(column, f"expected a map before '.' or '[', got {kind}")
        checking.expect(key, Type.TEXT, "as the key", column)
        if isinstance(key, TextConstant):
            return AttributeOperand(self._scope.header(operand.headers, key.value))
        return Entry(operand, key)

    def _call(self) -> list[Expression]:
        self._expect("(")
        return self._operands(")")

    def _operands(self, closing: str) -> list[Expression]:
        """Operands between commas, and the bracket behind them."""
        found: list[Expression] = []
        if self._takes(closing):
            return found
        while True:
            found.append(self._conditional())
            if self._takes(closing):
                return found
            if not self._is(","):
                raise _unexpected(self._peek(), f"',' or '{closing}'")
            self._next()
            if closing == "]" and self._takes(closing):
                return found


def _unexpected(token: Token, expected: str) -> ExpressionError:
    return ExpressionError(token.column, f"expected {expected}, got {token.shown()}")


def _int_constant(token: Token) -> Expression:
    text = token.text
    base = 16 if text[:2] in ("0x", "0X") else 10
    try:
        value = int(text, base)
    except OverflowError:
        value = -1
    if 0 <= value <= LARGEST_INT:
        return IntConstant(value, Type.INT)
    raise ExpressionError(token.column, f"an int of more than 63 bits: {text}")
