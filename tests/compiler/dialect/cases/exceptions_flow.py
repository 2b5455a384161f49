def order(fail: bool) -> str:
    log = []
    try:
        log.append("try")
        if fail:
            raise ValueError("x")
    except ValueError as error:
        log.append(f"except {error}")
    else:
        log.append("else")
    finally:
        log.append("finally")
    return " ".join(log)


def return_in_try() -> int:
    try:
        return 1
    finally:
        print("finally of return")


def break_in_finally() -> None:
    for i in range(3):
        try:
            if i == 1:
                break
            print("body", i)
        finally:
            print("finally", i)
    for i in range(3):
        try:
            if i == 1:
                continue
            print("body", i)
        finally:
            print("finally", i)
    while True:
        try:
            raise ValueError("a")
        except ValueError:
            break
        finally:
            print("out")


def nested() -> None:
    try:
        try:
            raise ValueError("inner")
        except KeyError:
            print("wrong")
        finally:
            print("inner finally")
    except ValueError as error:
        print("outer", error)


def reraise() -> None:
    try:
        try:
            raise ValueError("again")
        except ValueError:
            print("first")
            raise
    except ValueError as error:
        print("second", error)


def many(n: int) -> str:
    try:
        if n == 0:
            raise KeyError("k")
        if n == 1:
            raise IndexError("i")
        if n == 2:
            raise ZeroDivisionError
        return "none"
    except (KeyError, IndexError) as error:
        return f"lookup {type(error).__name__} {error}"
    except ArithmeticError as error:
        return f"arithmetic {error!r} {error.args}"


def replaced() -> None:
    try:
        try:
            raise ValueError("one")
        except ValueError:
            raise KeyError("two")
    except KeyError as error:
        print(
            repr(error), repr(error.__context__), repr(error.__cause__), error.__suppress_context__
        )


def two_names() -> None:
    try:
        raise ValueError("a")
    except ValueError as e:
        print(e)
    try:
        raise KeyError("b")
    except KeyError as e:
        print(e)


def from_finally() -> None:
    empty: dict[str, int] = {}
    try:
        try:
            raise ValueError("v")
        finally:
            empty["missing"]
    except KeyError as error:
        print(repr(error), repr(error.__context__))


def else_raises() -> None:
    try:
        try:
            pass
        except ValueError:
            print("no")
        else:
            raise ValueError("from else")
    except ValueError as error:
        print(error)


def bare() -> None:
    try:
        raise RuntimeError("bare")
    except:
        print("caught")


def loop_try() -> list[int]:
    out = []
    for text in ["1", "x", "3", ""]:
        try:
            out.append(int(text))
        except ValueError as error:
            print(error)
            continue
    return out


def main() -> None:
    print(order(True))
    print(order(False))
    print(return_in_try())
    break_in_finally()
    nested()
    reraise()
    for n in range(4):
        print(many(n))
    replaced()
    two_names()
    from_finally()
    else_raises()
    bare()
    print(loop_try())
    try:
        assert 1 > 2, "message"
    except AssertionError as error:
        print(repr(error))
    try:
        assert 1 > 2
    except AssertionError as error:
        print(repr(error))
