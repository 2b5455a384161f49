"""The members of the program's enums as symbols."""

from mixer2.compiler.link.symbols import SymbolTable


class EnumMembers:
    """Finds members by the names that they have in the program.

    Args:
        symbols: Where members are defined.
    """

    def __init__(self, symbols: SymbolTable) -> None:
        self._symbols = symbols
        self._aliases: dict[str, str] = {}
        self._attributes: dict[str, dict[str, int]] = {}

    def add_class(self, fullname: str, attributes: dict[str, int]) -> None:
        """Add an enum.

        Args:
            fullname: Its name.
            attributes: Where the name and the value lie in its members.
        """
        self._attributes[fullname] = attributes

    def add_alias(self, alias: str, member: str) -> None:
        """Say that one symbol of a member is another name for a member."""
        self._aliases[alias] = member

    def named(self, module: str | None, identifier: str) -> str | None:
        """Symbol of the member that a final name stands for."""
        return self._found(f"member:{module}.{identifier}")

    def of_type(self, type_symbol: str, name: str) -> str | None:
        """Symbol of the member of an enum class."""
        return self._found(f"member:{type_symbol.removeprefix('type:')}.{name}")

    def attribute(self, fullname: str, name: str) -> int | None:
        """Where the name or the value lies in members of an enum; None for ints."""
        return self._attributes.get(fullname, {}).get(name)

    def _found(self, symbol: str) -> str | None:
        symbol = self._aliases.get(symbol, symbol)
        return symbol if symbol in self._symbols else None
