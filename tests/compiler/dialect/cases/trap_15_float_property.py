class T:
    def __init__(self) -> None:
        self._c = 0.5
    @property
    def celsius(self) -> float:
        return self._c
    @celsius.setter
    def celsius(self, value: float) -> None:
        self._c = value
def main() -> None:
    t = T()
    t.celsius = 3
    n = 4
    print(t.celsius / 2)
    t.celsius = n
    print(t.celsius / 2)
