def main() -> None:
    try:
        raise ValueError("a")
    except ValueError as e:
        print(e)
    try:
        raise KeyError("b")
    except KeyError as e:
        print(e)
