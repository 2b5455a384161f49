"""The producer `jwt_claim`: a claim of the token that the request carries.

    {name: caller, jwt_claim: sub}
    {name: org, jwt_claim: org.id, token_header: x-token}

The token is that of `authorization: Bearer`, or all of another header. A dot goes into an object,
unless the claim's own name has it. Text, numbers and bools are taken; all else is absent.

Nobody checks the signature here: put Envoy's `jwt_authn` before the mixer.

Source: RFC 7519, section 3; RFC 7515, section 2 (base64url without padding).
"""

import base64
from typing import Final

from adapters.mixer.bag import AttributeBag
from adapters.mixer.producer import Producer, ProducerKind
from adapters.mixer.scope import Scope
from pal import json_scan
from pal.config import Config
from pal.errors import ConfigurationError
from pal.json_scan import Scanner

_AUTHORIZATION: Final = "authorization"
_BEARER: Final = "bearer "
_LONGEST: Final = 16_384


class JwtClaimKind(ProducerKind):
    """The kind `jwt_claim`."""

    def __init__(self) -> None:
        super().__init__("jwt_claim")

    def create(self, section: Config, scope: Scope) -> Producer:
        """Read the claim and `token_header`."""
        claim = section.get_str("jwt_claim", "")
        if not claim:
            raise section.refusal("jwt_claim", "expected the name of a claim")
        return _JwtClaim(claim, section.get_header_name("token_header", _AUTHORIZATION))


class _JwtClaim(Producer):
    def __init__(self, claim: str, header: str) -> None:
        super().__init__()
        self._claim = claim
        self._header = header

    def produce(self, bag: AttributeBag) -> str | None:
        token = bag.request.get(self._header)
        if token is None or len(token) > _LONGEST:
            return None
        if self._header == _AUTHORIZATION:
            if token[: len(_BEARER)].lower() != _BEARER:
                return None
            token = token[len(_BEARER) :].strip()
        parts = token.split(".")
        return claim_of(parts[1], self._claim) if len(parts) == 3 else None


def claim_of(payload: str, claim: str) -> str | None:
    """A claim of a token's payload, which is base64url; None when it is not there."""
    try:
        data = base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))
        data.decode("utf-8")
        scanner = Scanner(data)
        start = scanner.document()
    except ValueError:
        return None
    except ConfigurationError:
        return None
    scanner.position = start
    rest = claim
    while rest:
        if scanner.kind() != json_scan.OBJECT:
            return None
        rest = _entered(scanner, rest)
        if rest == claim:
            return None
        claim = rest
    return _text(scanner)


def _entered(scanner: Scanner, claim: str) -> str:
    """Go to the field that a claim begins with; what is left of the claim, all when none is."""
    while scanner.next_name():
        name = scanner.string()
        scanner.enter_field()
        if name == claim:
            return ""
        if name and claim.startswith(name + "."):
            return claim[len(name) + 1 :]
        scanner.skip_value()
    return claim


def _text(scanner: Scanner) -> str | None:
    kind = scanner.kind()
    if kind == json_scan.STRING:
        return scanner.string()
    if kind == json_scan.NUMBER:
        return scanner.number()
    if kind == json_scan.TRUE:
        return "true"
    return "false" if kind == json_scan.FALSE else None
