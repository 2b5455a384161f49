"""Foreign functions."""

import zlib
from pathlib import Path

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from mixer2.testhost.foreign import FILTER_STATE_KEYS
from mixer2.testhost.protobuf import bytes_field, number_field
from tests.conformance.case import Case
from tests.conformance.probe import Call, call


def foreign(name: str, arguments: bytes = b"") -> Call:
    return call("call_foreign_function", name, arguments)


def state(key: str, value: str, span: int = 0) -> Call:
    fields = bytes_field(1, key.encode()) + bytes_field(2, value.encode()) + number_field(3, span)
    return foreign("set_envoy_filter_state", fields)


def declare(name: str, read_only: bool = False, kind: int = 0) -> Call:
    fields = bytes_field(1, name.encode()) + number_field(2, read_only) + number_field(3, kind)
    return foreign("declare_property", fields)


def on_request(name: str, *steps: Call) -> Case:
    return Case(name, {"on_request_headers": list(steps)})


_COMPRESSED = foreign("compress", b"hello hello hello")
_NO_KEYS = ["envoy.tcp_proxy.receive_before_connect", "envoy.uint32", "", "own.key"]


_KEYS = Path(__file__).parents[1] / "keys"
_RSA = serialization.load_pem_private_key((_KEYS / "rsa.pem").read_bytes(), None)
_EC = serialization.load_pem_private_key((_KEYS / "ec.pem").read_bytes(), None)
assert isinstance(_RSA, rsa.RSAPrivateKey)
assert isinstance(_EC, ec.EllipticCurvePrivateKey)
_DER, _PEM = serialization.Encoding.DER, serialization.Encoding.PEM
_PKCS8 = serialization.PrivateFormat.PKCS8
_TRADITIONAL = serialization.PrivateFormat.TraditionalOpenSSL
_SIGNATURE = _RSA.sign(b"text", padding.PKCS1v15(), hashes.SHA256())
_EC_SIGNATURE = (_KEYS / "ec.signature").read_bytes()
"""Of `text`, with SHA-256. ECDSA signs otherwise every time."""


def private(encoding: serialization.Encoding, form: serialization.PrivateFormat = _PKCS8) -> bytes:
    return _RSA.private_bytes(encoding, form, serialization.NoEncryption())


def public(
    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey, encoding: serialization.Encoding
) -> bytes:
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_key().public_bytes(encoding, form)


def sign(name: str, der: bytes = b"", pem: bytes = b"") -> Call:
    key = bytes_field(2, der) + bytes_field(3, b"text") + bytes_field(4, pem)
    return foreign("sign", bytes_field(1, name.encode()) + key)


def verify(name: str, signature: bytes, der: bytes = b"", pem: bytes = b"") -> Call:
    fields = bytes_field(1, name.encode()) + bytes_field(2, der) + bytes_field(3, signature)
    return foreign("verify_signature", fields + bytes_field(4, b"text") + bytes_field(5, pem))


CASES = [
    on_request(
        "sign: hashes",
        *(
            sign(name, private(_DER))
            for name in ("sha1", "sha224", "sha256", "sha384", "sha512", "SHA256", "md5", "")
        ),
    ),
    on_request(
        "sign: forms of the key",
        sign("sha256", pem=private(_PEM)),
        sign("sha256", pem=private(_PEM, _TRADITIONAL)),
        sign("sha256", private(_DER, _TRADITIONAL)),
        sign("sha256", b"bad"),
        sign("sha256", pem=b"-----BEGIN bad"),
        sign("sha256", private(_DER), private(_PEM)),
        sign("sha256"),
        foreign("sign", b"\xff"),
    ),
    on_request(
        "verify_signature",
        verify("sha256", _SIGNATURE, public(_RSA, _DER)),
        verify("sha256", _SIGNATURE, pem=public(_RSA, _PEM)),
        verify("sha512", _SIGNATURE, public(_RSA, _DER)),
        verify("sha256", b"bad", public(_RSA, _DER)),
        verify("md5", _SIGNATURE, public(_RSA, _DER)),
        verify("sha256", _SIGNATURE, b"bad"),
        verify("sha256", _SIGNATURE, pem=b"bad"),
        verify("sha256", _SIGNATURE),
        foreign("verify_signature", b"\xff"),
    ),
    on_request(
        "verify_signature: ECDSA",
        verify("sha256", _EC_SIGNATURE, public(_EC, _DER)),
        verify("sha256", _EC_SIGNATURE, pem=public(_EC, _PEM)),
        verify("sha384", _EC_SIGNATURE, public(_EC, _DER)),
    ),
    on_request(
        "uncompress",
        foreign("uncompress", zlib.compress(b"hello")),
        foreign("uncompress", b"bad"),
        foreign("uncompress", b""),
    ),
    on_request(
        "compress", _COMPRESSED, call("call_foreign_function", "uncompress", _COMPRESSED.result)
    ),
    on_request("functions that are none", foreign("absent"), foreign("")),
    *(
        on_request(
            f"what each key of the filter state takes of {value!r}",
            *(state(key, value) for key in [*sorted(FILTER_STATE_KEYS), *_NO_KEYS]),
        )
        for value in ("1.2.3.4:80", "80", "1.2.3.4", "true", "text")
    ),
    Case(
        "filter state is read back as an attribute",
        {
            "on_configure": [state("envoy.tcp_proxy.cluster", "x"), state("absent", "x")],
            "on_request_headers": [
                state("envoy.tcp_proxy.cluster", "x"),
                state("envoy.string", "v", 1),
                state("envoy.tcp_proxy.cluster", "y"),
                call("get_property", "filter_state\0envoy.tcp_proxy.cluster"),
                call("get_property", "filter_state\0envoy.string"),
                foreign("set_envoy_filter_state", b"\xff"),
                foreign("set_envoy_filter_state", b""),
            ],
        },
    ),
    Case(
        "declared properties",
        {
            "on_configure": [
                declare("ro", read_only=True),
                declare("ro"),
                declare("str", kind=1),
                foreign("declare_property", b"\xff"),
            ],
            "on_request_headers": [
                call("set_property", "ro", b"1"),
                call("set_property", "ro", b"2"),
                call("get_property", "ro"),
                call("set_property", "str", b"s"),
                call("get_property", "str"),
            ],
        },
    ),
    Case(
        "clear_route_cache",
        {
            "on_configure": [foreign("clear_route_cache")],
            "on_request_headers": [
                foreign("clear_route_cache"),
                call("replace_header_map_value", 0, ":path", "/other"),
            ],
        },
    ),
]
