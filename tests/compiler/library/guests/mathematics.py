"""What math makes of a double."""

import math
import struct


def answer(request: bytes) -> list[str]:
    x = float(struct.unpack("<d", request)[0])
    lines = [f"{math.isnan(x)} {math.isinf(x)} {math.isfinite(x)}", str(math.copysign(1.0, x))]
    if abs(x) < 1e12:
        lines += [str(math.sin(x)), str(math.cos(x)), str(math.tan(x))]
        lines += [str(math.floor(x)), str(math.ceil(x)), str(math.fmod(x, 1.7))]
    if abs(x) < 700:
        lines.append(str(math.exp(x)))
    if 0 < x < math.inf:
        lines += [str(math.sqrt(x)), str(math.log(x)), str(math.log2(x)), str(math.log10(x))]
    return lines
