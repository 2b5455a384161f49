class Node:
    def __init__(self, name: str, parent: "Node | None" = None) -> None:
        self.name = name
        self.parent = parent
        self.children: list["Node"] = []
        if parent is not None:
            parent.children.append(self)

    def path(self) -> str:
        return (self.parent.path() + "/" if self.parent else "") + self.name

    def walk(self) -> "list[str]":
        return [self.name, *(n for c in self.children for n in c.walk())]

    def find(self, name: str) -> "Node | None":
        if self.name == name:
            return self
        for c in self.children:
            if (found := c.find(name)) is not None:
                return found
        return None


def main() -> None:
    root = Node("root")
    a, b = Node("a", root), Node("b", root)
    c = Node("c", a)
    print(
        c.path(),
        root.walk(),
        root.find("c") is c,
        root.find("zz"),
        (x := root.find("b")) and x.path(),
    )
