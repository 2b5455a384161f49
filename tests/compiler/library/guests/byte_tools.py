"""Base64, digests and checksums of the request."""

import base64
import binascii
import hashlib
import hmac
import zlib


def answer(request: bytes) -> list[str]:
    text = request.decode("latin-1")
    digest = hashlib.sha256()
    for start in range(0, len(request), 100):
        digest.update(request[start : start + 100])
    encoded = base64.b64encode(request)
    lines = [
        repr(encoded),
        repr(base64.urlsafe_b64encode(request)),
        digest.hexdigest(),
        hmac.new(request[:80], request, "sha256").hexdigest(),
        f"{zlib.crc32(request)} {binascii.crc32(request, 7)}",
        str(hmac.compare_digest(request, request[:-1] + b"x")),
        repr(base64.b64decode(encoded) == request),
    ]
    for strict in (False, True):
        try:
            lines.append(repr(base64.b64decode(request, validate=strict)))
        except binascii.Error as error:
            lines.append(f"Error {error}")
    try:
        lines.append(repr(base64.urlsafe_b64decode(text)))
        lines.append(repr(binascii.unhexlify(text)))
    except binascii.Error as error:
        lines.append(f"Error {error}")
    except ValueError as other_error:
        lines.append(f"ValueError {other_error}")
    return lines
