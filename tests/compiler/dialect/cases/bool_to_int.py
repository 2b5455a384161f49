# In CPython the same lines are converted by hand: see docs/dialect.md.
class Counter:
    def __init__(self, count: int) -> None:
        self.count = count


def shown(n: int) -> str:
    return f"{int(n)} {str(int(n))}"


def captured(value: object) -> str:
    match value:
        case int(n):
            return str(int(n))
    return "none"


def main() -> None:
    print(captured(True), captured(False))
    total: int = True
    print(int(total), shown(False), int(Counter(True).count), total == True)
    print(True + True, [True, 2], {True: "a"})
