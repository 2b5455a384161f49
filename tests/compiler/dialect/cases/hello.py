def main() -> None:
    print("hello", 1, 2.5, [1, "a"])
    print(1, 2, sep="-")
    print()
