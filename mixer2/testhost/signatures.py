"""The foreign functions `sign` and `verify_signature`, as Envoy 1.40 was seen to do them.

RSA with PKCS #1 v1.5 and ECDSA, by the key. Failures are no errors of the call: they come as a
text in its result. Needs the package `cryptography`, which the extra `test` brings.
Source: Envoy, `source/common/crypto/utility_impl.cc`.
"""

import importlib
from typing import Any, Final

from mixer2.testhost.abi import Status
from mixer2.testhost.errors import Refused, UnsupportedError
from mixer2.testhost.pairs import decode_text
from mixer2.testhost.protobuf import bytes_field, last_bytes, number_field, read_fields

_HASHES: Final = {
    "sha1": "SHA1",
    "sha224": "SHA224",
    "sha256": "SHA256",
    "sha384": "SHA384",
    "sha512": "SHA512",
}
_NOT_PRIVATE: Final = "Invalid key type: private key required for signing operation."
_NOT_PUBLIC: Final = "Failed to initialize digest verify."
_NOT_VERIFIED: Final = "Failed to verify digest. Error code: 0"

_SEQUENCE: Final = 0x30
_PRIMITIVES: Final = "cryptography.hazmat.primitives"


def sign(arguments: bytes) -> bytes:
    """`SignArguments`: hash 1, key as DER 2, text 3, key as PEM 4.

    Returns:
        `SignResult`: result 1, signature 2, error 3.
    """
    fields = _fields(arguments)
    der, pem = _one_key(last_bytes(fields, 2), last_bytes(fields, 4))
    text = last_bytes(fields, 3)
    key = _private_key(der, pem)
    if key is None:
        return bytes_field(3, _NOT_PRIVATE.encode())
    name = decode_text(last_bytes(fields, 1))
    digest = _digest(name)
    if digest is None:
        return bytes_field(3, f"{name} is not supported.".encode())
    signature = key.sign(text, *_scheme(key, digest))
    return number_field(1, 1) + bytes_field(2, signature)


def verify_signature(arguments: bytes) -> bytes:
    """`VerifySignatureArguments`: hash 1, key as DER 2, signature 3, text 4, key as PEM 5.

    Returns:
        `VerifySignatureResult`: result 1, error 2.
    """
    fields = _fields(arguments)
    der, pem = _one_key(last_bytes(fields, 2), last_bytes(fields, 5))
    signature, text = last_bytes(fields, 3), last_bytes(fields, 4)
    key = _public_key(der, pem)
    if key is None:
        return bytes_field(2, _NOT_PUBLIC.encode())
    name = decode_text(last_bytes(fields, 1))
    digest = _digest(name)
    if digest is None:
        return bytes_field(2, f"{name} is not supported.".encode())
    try:
        key.verify(signature, text, *_scheme(key, digest))
    except _load("cryptography.exceptions").InvalidSignature:
        return bytes_field(2, _NOT_VERIFIED.encode())
    return number_field(1, 1)


def _fields(arguments: bytes) -> list[Any]:
    fields = read_fields(arguments)
    if fields is None:
        raise Refused(Status.BAD_ARGUMENT)
    return fields


def _one_key(der: bytes, pem: bytes) -> tuple[bytes, bytes]:
    """The key; Envoy takes it in exactly one form."""
    if bool(der) == bool(pem):
        raise Refused(Status.BAD_ARGUMENT)
    return der, pem


def _private_key(der: bytes, pem: bytes) -> Any:
    serialization = _load(f"{_PRIMITIVES}.serialization")
    if der and not _is_pkcs8(der):
        return None
    try:
        if der:
            return serialization.load_der_private_key(der, None)
        return serialization.load_pem_private_key(pem, None)
    except (ValueError, TypeError):
        return None


def _public_key(der: bytes, pem: bytes) -> Any:
    serialization = _load(f"{_PRIMITIVES}.serialization")
    try:
        if der:
            return serialization.load_der_public_key(der)
        return serialization.load_pem_public_key(pem)
    except (ValueError, TypeError):
        return None


def _is_pkcs8(der: bytes) -> bool:
    """Whether a private key says its algorithm after its version; Envoy takes no other DER."""
    if len(der) < 2 or der[0] != _SEQUENCE:
        return False
    header = 2 + (der[1] & 0x7F if der[1] & 0x80 else 0)
    return der[header : header + 4] == bytes([2, 1, 0, _SEQUENCE])


def _digest(name: str) -> Any:
    """The hash of a name, in any case; None when Envoy has none of that name."""
    known = _HASHES.get(name.lower())
    return None if known is None else getattr(_load(f"{_PRIMITIVES}.hashes"), known)()


def _scheme(key: Any, digest: Any) -> tuple[Any, ...]:
    """What a key's `sign` and `verify` take behind the text."""
    ec = _load(f"{_PRIMITIVES}.asymmetric.ec")
    if isinstance(key, ec.EllipticCurvePrivateKey | ec.EllipticCurvePublicKey):
        return (ec.ECDSA(digest),)
    return _load(f"{_PRIMITIVES}.asymmetric.padding").PKCS1v15(), digest


def _load(module: str) -> Any:
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        raise UnsupportedError(
            "the foreign functions `sign` and `verify_signature` need the package cryptography: "
            "pip install 'mixer2[test]'"
        ) from error
