from dataclasses import dataclass
from typing import ClassVar
@dataclass
class C:
    n: int
    made: ClassVar[int] = 0
    def __post_init__(self) -> None:
        C.made += 1
def main() -> None:
    C.made = 0
    C(1)
    C(2)
    print(C.made)
