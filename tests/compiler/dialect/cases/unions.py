from typing import Any, Literal, Optional, TypeAlias, Union, cast

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | float | bool | None"
Mode = Literal["r", "w"]


class Leaf:
    def __init__(self, value: int) -> None:
        self.value = value


class Node:
    def __init__(self, left: "Tree", right: "Tree") -> None:
        self.left = left
        self.right = right


Tree = Union[Leaf, Node]


def total(tree: Tree) -> int:
    if isinstance(tree, Leaf):
        return tree.value
    return total(tree.left) + total(tree.right)


def describe(value: int | str | None | list[int]) -> str:
    if value is None:
        return "none"
    if isinstance(value, int):
        return f"int {value + 1}"
    if isinstance(value, str):
        return value.upper()
    return f"list {sum(value)}"


def length(text: Optional[str]) -> int:
    if not text:
        return 0
    return len(text)


def early(n: int | None) -> int:
    if n is None:
        return -1
    n += 1
    return n


def mode(m: Mode) -> int:
    return 1 if m == "r" else 2


def depth(value: Json) -> int:
    if isinstance(value, dict):
        return 1 + max((depth(v) for v in value.values()), default=0)
    if isinstance(value, list):
        return 1 + max((depth(v) for v in value), default=0)
    return 0


class Chain:
    def __init__(self, value: int, following: Optional["Chain"] = None) -> None:
        self.value = value
        self.following = following


def walk(chain: Chain | None) -> list[int]:
    found = []
    while chain is not None:
        found.append(chain.value)
        chain = chain.following
    return found


def any_value(x: Any) -> str:
    return str(x + 1) if isinstance(x, int) else x.upper()


def bool_or_int(x: bool | int) -> str:
    return "bool" if isinstance(x, bool) else "int"


def or_default(a: str | None, b: int | None) -> str:
    return f"{a or 'empty'} {b or 7} {b if b is not None else 8}"


def main() -> None:
    print(total(Node(Leaf(1), Node(Leaf(2), Leaf(3)))))
    print(describe(None), describe(4), describe("x"), describe([1, 2]), length(None), length("ab"), early(None), early(4))
    print(mode("r"), mode("w"), depth({"a": [1, {"b": None}]}), depth(5), walk(Chain(1, Chain(2))), any_value(4), any_value("q"))
    print(bool_or_int(True), bool_or_int(4), or_default(None, None), or_default("a", 0), cast(int, 5) + 1)
    x: int | str = early(4)
    print(x)
    x = "now text"
    print(x.upper())
    maybe: dict[str, str] = {"a": "b"}
    if (found := maybe.get("a")) is not None and len(found) == 1:
        print("walrus", found)
    value: float = 3
    print(value / 2, value == 3)
    number: int | float = 2.5
    print(number * 2)
    items: list[int | None] = [1, None, 3]
    print([i for i in items if i is not None], sum(i or 0 for i in items))
