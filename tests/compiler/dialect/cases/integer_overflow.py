# The deliberate difference: in CPython the same functions are checked by hand.
LIMIT = 4611686018427387903


def add(a: int, b: int) -> int:
    return a + b


def subtract(a: int, b: int) -> int:
    return a - b


def multiply(a: int, b: int) -> int:
    return a * b


def shift(a: int, b: int) -> int:
    return a << b


def power(a: int, b: int) -> int:
    result: int = a**b
    return result


def negate(a: int) -> int:
    return -a


def main() -> None:
    for function, a, b in ((add, LIMIT, 1), (subtract, -LIMIT, 2), (multiply, 1 << 31, 1 << 31), (shift, 1, 62), (power, 10, 19)):
        try:
            value = function(a, b)
            if -LIMIT - 1 <= value <= LIMIT:
                print("in range", value)
            else:
                raise OverflowError("int too large for 63 bits")
        except OverflowError as error:
            print(error)
    try:
        value = negate(-LIMIT - 1)
        if value > LIMIT:
            raise OverflowError("int too large for 63 bits")
    except OverflowError as error:
        print(error)
    try:
        value = int("9" * 20)
        if value > LIMIT:
            raise OverflowError("int too large for 63 bits")
    except OverflowError as error:
        print(error)
    n = multiply(1 << 30, 1)
    try:
        while True:
            n = n * n + 1
            if n > LIMIT:
                raise OverflowError("int too large for 63 bits")
    except OverflowError as error:
        print(error)
    items = [LIMIT]
    try:
        items[0] += 1
        if items[0] > LIMIT:
            raise OverflowError("int too large for 63 bits")
    except OverflowError as error:
        print(error)
    print(add(LIMIT, 0), subtract(-LIMIT, 1), multiply(LIMIT, -1))
