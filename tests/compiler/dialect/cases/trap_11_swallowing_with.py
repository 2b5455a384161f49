class Quiet:
    def __enter__(self) -> "Quiet":
        return self
    def __exit__(self, a: object, b: object, c: object) -> bool:
        return True
def run() -> int:
    with Quiet():
        raise ValueError("x")
    f = lambda: 5
    return f()
def main() -> None:
    print(run())
