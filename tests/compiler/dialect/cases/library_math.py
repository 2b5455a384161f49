import math
from math import floor, inf, nan, pi

VALUES = [0.0, -0.0, 0.5, 1.0, -1.5, 2.5, 3.7, -4.2, 10.0, 100.25, 1e-10, 1e10, 123456.789, 1e300, -1e-300]


def main() -> None:
    for x in VALUES:
        print(x, math.fabs(x), math.copysign(2.0, x), math.isnan(x), math.isinf(x), math.isfinite(x))
        if abs(x) < 1e15:
            print(floor(x), math.ceil(x), math.trunc(x), math.fmod(x, 3.0), math.degrees(x))
        if abs(x) < 1e11:
            print(math.sin(x), math.cos(x), math.tan(x), math.radians(x))
        if abs(x) < 700:
            print(math.exp(x))
        if x > 0:
            print(math.sqrt(x), math.log(x), math.log2(x), math.log10(x), math.log(x, 3))
            print(math.pow(x, 0.5), math.pow(x, -0.25))
    print(pi, math.e, math.tau, inf, nan, math.isnan(nan), math.isinf(-inf), math.isfinite(inf))
    print(math.isclose(1.0, 1.0 + 1e-10), math.isclose(1.0, 1.1), math.isclose(0, 1e-12, abs_tol=1e-9))
    print(math.gcd(12, 18), math.gcd(), math.gcd(-5, 0, 10), math.isqrt(99), math.isqrt(10**18))
    print(math.exp(-inf), math.log(inf), math.sqrt(inf), math.pow(2, 10), math.fmod(-7.5, 2))
    try:
        print(math.sqrt(-1.0))
    except ValueError as error:
        print(error)
    try:
        print(math.log(0.0))
    except ValueError as error:
        print(error)
    try:
        print(math.exp(1000.0))
    except OverflowError as too_large:
        print(too_large)
    try:
        print(math.floor(inf))
    except OverflowError as infinite:
        print(infinite)
