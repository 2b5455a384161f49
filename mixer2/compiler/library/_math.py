"""Functions of floats: functions of the run-time (build/runtime/library_math.c).

Their errors are those of CPython's `math`; the sines also refuse angles from 2 ** 40 on.
"""


def sqrt(x: float) -> float:
    """The root of x."""
    raise NotImplementedError


def floor(x: float) -> float:
    """The largest whole number that is not above x."""
    raise NotImplementedError


def ceil(x: float) -> float:
    """The smallest whole number that is not below x."""
    raise NotImplementedError


def nearest(x: float) -> float:
    """The whole number that is next to x, of two the even one; `round` takes 12 KB."""
    raise NotImplementedError


def copysign(x: float, y: float) -> float:
    """The size of x with the sign of y."""
    raise NotImplementedError


def exp(x: float) -> float:
    """The exponential of x."""
    raise NotImplementedError


def log(x: float, base: float) -> float:
    """The logarithm of x to a base above 1; 0: the natural one."""
    raise NotImplementedError


def power(x: float, y: float) -> float:
    """The power y of x."""
    raise NotImplementedError


def fmod(x: float, y: float) -> float:
    """What is left of x by y, with the sign of x."""
    raise NotImplementedError


def sin(x: float) -> float:
    """The sine of an angle."""
    raise NotImplementedError


def cos(x: float) -> float:
    """The cosine of an angle."""
    raise NotImplementedError


def tan(x: float) -> float:
    """The tangent of an angle."""
    raise NotImplementedError
