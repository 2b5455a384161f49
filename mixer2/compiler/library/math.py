"""Mathematics for compiled filters: what `import math` means in profile aot.

Exponentials, logarithms and sines are rounded correctly, which the C library that CPython uses does
almost always. Angles end at 2 ** 40.
"""

from typing import Final

from . import _math

pi: Final = 3.141592653589793
e: Final = 2.718281828459045
tau: Final = 6.283185307179586
# Literals and a difference, since reading text would take 7 KB.
inf: Final = 1e999
nan: Final = inf - inf


def sqrt(x: float, /) -> float:
    """The root of x."""
    return _math.sqrt(x)


def floor(x: float, /) -> int:
    """The largest int that is not above x."""
    return int(_math.floor(x))


def ceil(x: float, /) -> int:
    """The smallest int that is not below x."""
    return int(_math.ceil(x))


def trunc(x: float, /) -> int:
    """The int that is next to x towards 0."""
    return int(x)


def fabs(x: float, /) -> float:
    """The size of x."""
    return _math.copysign(x, 1.0)


def copysign(x: float, y: float, /) -> float:
    """The size of x with the sign of y."""
    return _math.copysign(x, y)


def isnan(x: float, /) -> bool:
    """Whether x is not a number."""
    return x != x  # noqa: PLR0124


def isinf(x: float, /) -> bool:
    """Whether x is infinite."""
    return inf in (x, -x)


def isfinite(x: float, /) -> bool:
    """Whether x is neither infinite nor not a number."""
    return x - x == 0.0


def isclose(a: float, b: float, *, rel_tol: float = 1e-09, abs_tol: float = 0.0) -> bool:
    """Whether two numbers differ by at most a part of the larger, or an amount."""
    if rel_tol < 0.0 or abs_tol < 0.0:
        raise ValueError("tolerances must be non-negative")
    if a == b:
        return True
    if not isfinite(a) or not isfinite(b):
        return False
    difference = fabs(b - a)
    return (
        difference <= fabs(rel_tol * b) or difference <= fabs(rel_tol * a) or difference <= abs_tol
    )


def exp(x: float, /) -> float:
    """The exponential of x."""
    return _math.exp(x)


def log(x: float, base: float = e) -> float:
    """The logarithm of x, natural or to a base."""
    if base == e:
        return _math.log(x, 0.0)
    return _math.log(x, 0.0) / _math.log(base, 0.0)


def log2(x: float, /) -> float:
    """The logarithm of x to the base 2."""
    return _math.log(x, 2.0)


def log10(x: float, /) -> float:
    """The logarithm of x to the base 10."""
    return _math.log(x, 10.0)


def pow(x: float, y: float, /) -> float:  # noqa: A001
    """The power y of x."""
    return _math.power(x, y)


def fmod(x: float, y: float, /) -> float:
    """What is left of x by y, with the sign of x."""
    return _math.fmod(x, y)


def sin(x: float, /) -> float:
    """The sine of an angle."""
    return _math.sin(x)


def cos(x: float, /) -> float:
    """The cosine of an angle."""
    return _math.cos(x)


def tan(x: float, /) -> float:
    """The tangent of an angle."""
    return _math.tan(x)


def degrees(x: float, /) -> float:
    """The degrees of an angle."""
    return x * (180.0 / pi)


def radians(x: float, /) -> float:
    """The angle of degrees."""
    return x * (pi / 180.0)


def gcd(*integers: int) -> int:
    """The largest int that divides all."""
    divisor = 0
    for integer in integers:
        other = abs(integer)
        while other:
            divisor, other = other, divisor % other
    return divisor


def isqrt(n: int, /) -> int:
    """The largest int whose square is not above n."""
    if n < 0:
        raise ValueError("isqrt() argument must be nonnegative")
    root = int(_math.sqrt(float(n)))
    while root * root > n:
        root -= 1
    while root + 1 <= n // (root + 1):
        root += 1
    return root
