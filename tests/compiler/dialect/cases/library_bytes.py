import base64
import binascii
import hashlib
import hmac
import zlib
from base64 import urlsafe_b64decode
from hashlib import sha256
from hmac import compare_digest

from pal.checksum import crc32c

SECRET = b"k" * 70


def shown_base64() -> None:
    for size in range(8):
        data = bytes(range(250, 250 + min(size, 6))) + b"\xff" * max(0, size - 6)
        encoded = base64.b64encode(data)
        safe = base64.urlsafe_b64encode(data)
        print(encoded, safe, base64.b64encode(data, b"-_") == safe, base64.standard_b64encode(data))
        print(base64.b64decode(encoded) == data, urlsafe_b64decode(safe.decode()) == data)
    for wrong in ("YQ", "Y", "YQ=", "Y Q = = x", "=YQ=", "YWJjZA==YQ==", "é", "YQ-_", "YWJj"):
        for validate in (False, True):
            try:
                print(base64.b64decode(wrong, validate=validate))
            except binascii.Error as error:
                print("Error", error)
            except ValueError as other_error:
                print("ValueError", other_error)
    print(base64.b64decode("-_-_", b"-_"), base64.b64decode(bytearray(b"YQ==")))
    try:
        base64.b64encode(b"a", b"-")
    except AssertionError as assertion:
        print("AssertionError", assertion)


def shown_digests() -> None:
    print(hashlib.sha256(b"abc").hexdigest(), sha256().digest())
    growing = hashlib.new("sha256", b"a" * 63)
    earlier = growing.copy()
    for size in (1, 0, 63, 64, 65, 200):
        growing.update(b"x" * size)
        print(growing.hexdigest())
    print(earlier.hexdigest(), growing.name, growing.digest_size, growing.block_size)
    try:
        hashlib.new("whirlpool99")
    except ValueError as error:
        print(error)
    keyed = hmac.new(b"key", b"message", "sha256")
    print(keyed.hexdigest(), keyed.name, keyed.digest_size)
    keyed.update(b" and more")
    print(keyed.copy().digest() == hmac.digest(b"key", b"message and more", "sha256"))
    print(hmac.new(SECRET, None, hashlib.sha256).hexdigest(), hmac.digest(b"", b"", "sha256"))
    print(compare_digest("a", "a"), compare_digest(b"a", b"b"), compare_digest(b"a", b"ab"))
    try:
        compare_digest("é", "é")
    except TypeError as wrong:
        print(wrong)


def main() -> None:
    shown_base64()
    shown_digests()
    print(zlib.crc32(b"123456789"), zlib.crc32(b"6789", zlib.crc32(b"12345")), zlib.crc32(b""))
    print(crc32c(b"123456789"), crc32c(b"6789", crc32c(b"12345")), crc32c(b""))
    print(crc32c(b"012345", 0, 1), crc32c(b"0123456789abcdef", start=3), crc32c(b"ab", start=5))
    print(binascii.hexlify(b"\x00\xff"), binascii.unhexlify("00fF"), binascii.crc32(b"a"))
    print(binascii.b2a_base64(b"abc"), binascii.a2b_base64("YWJj\n"))
    for digits in ("0", "0g", "é"):
        try:
            print(binascii.unhexlify(digits))
        except binascii.Error as error:
            print("Error", error)
        except ValueError as other_error:
            print("ValueError", other_error)
