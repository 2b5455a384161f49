"""Random statements."""

from collections.abc import Callable

from tests.fuzz import compound, simple
from tests.fuzz.compound import indented
from tests.fuzz.expressions import Expressions
from tests.fuzz.kinds import Kind
from tests.fuzz.scope import Scope


class Statements:
    """Makes the body of one function.

    Args:
        scope: Names that the function sees.
        result: What it returns, or yields.
        is_generator: Whether it yields.
        errors: Exception classes of the program.
    """

    def __init__(
        self, scope: Scope, result: Kind, errors: list[str], *, is_generator: bool
    ) -> None:
        self.scope = scope
        self.rng = scope.rng
        self.make = Expressions(scope)
        self.result = result
        self.errors = errors
        self.is_generator = is_generator
        self.in_loop = False
        self.in_handler = False
        self.in_finally = False
        self.depth = 0
        self.protected = 0
        self.yields_protected = False

    def body(self, count: int) -> list[str]:
        """Lines of a body that always ends with a return."""
        lines = self._several(count)
        if self.is_generator:
            return [*lines, f"yield {self.make.of(self.result, 2)}"]
        return [*lines, f"return {self.make.of(self.result, 2)}"]

    def _several(self, count: int) -> list[str]:
        lines = []
        for _ in range(count):
            lines += self._one()
        return lines

    def block(self, count: int = 0) -> list[str]:
        """Indented lines with names of their own."""
        self.scope.variables.append({})
        self.depth += 1
        lines = self._several(count or self.rng.randint(1, 3))
        self.depth -= 1
        self.scope.variables.pop()
        return indented(lines)

    def _one(self) -> list[str]:
        self.scope.cost += self.scope.loops
        chance = self.rng.random()
        if self.depth and chance < 0.12:
            return [f"if {self.make.boolean(2)}:", *indented(self._leave())]
        if self.depth < 3 and chance < 0.5 and self.scope.loops < 100:
            return self.rng.choice(_COMPOUND)(self)
        can_yield = self.is_generator and not (self.in_handler or self.in_finally)
        return self.rng.choice([*_SIMPLE, *[simple.yield_] * 3 * can_yield])(self)

    def _leave(self) -> list[str]:
        """A statement after which the next one does not run."""
        ways: list[_Maker] = [simple.raise_]
        if not self.is_generator and not self.in_finally:
            ways.append(simple.return_)
        if self.in_loop and not self.in_finally:
            ways += [lambda _: ["break"], lambda _: ["continue"]] * 2
        return self.rng.choice(ways)(self)


_Maker = Callable[[Statements], list[str]]

_SIMPLE: list[_Maker] = [
    simple.declare,
    simple.declare,
    simple.assign,
    simple.augment,
    simple.change,
    simple.print_,
    simple.unpack,
    simple.set_attribute,
    simple.global_,
    simple.walrus,
    simple.octets_in_place,
    simple.formatted_by_method,
]
_COMPOUND: list[_Maker] = [
    compound.if_,
    compound.for_,
    compound.while_,
    compound.scan,
    compound.try_,
    compound.try_,
    compound.match_,
    compound.closure,
    compound.narrow,
    compound.with_,
    compound.generator_use,
    compound.send,
    compound.match_class,
    compound.two_managers,
    compound.unpack_iterator,
]
