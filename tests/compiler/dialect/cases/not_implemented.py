class A:
    def __eq__(self, o: object) -> bool:
        if not isinstance(o, A):
            return NotImplemented
        return True


class B(A):
    def __eq__(self, o: object) -> bool:
        return super().__eq__(o) is True and isinstance(o, B)

    def __ne__(self, o: object) -> bool:
        return not self == o


def main() -> None:
    print(
        A() == A(),
        A() == 1,
        A() != 1,
        B() == B(),
        A() != A(),
        B() != A(),
        B() == 5,
        1 == A(),
        None == A(),
    )
    print(A().__eq__(A()))
    try:
        print(A().__eq__(3))
    except TypeError as e:
        print("typeerror")
