"""`api_keys`: requests with a known key pass, and say whose key it was.

    handlers:
      keys:
        api_keys:
          keys:
          - consumer: ann
            sha256: 2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b
    rules:
    - check: keys

Configuration holds SHA-256 of keys (`printf %s KEY | sha256sum`), never a key. A request without a
key is answered with 401, one with another key with 403; one that passes has the header
`consumer_header`, by default `x-consumer`, in place of what the client sent. Hashes are compared in
a time that does not depend on where they differ, and verdicts are not kept, since keys would be.
"""

import hashlib
import hmac
from typing import Final

from adapters.backend.check import Check, Question, Verdict
from adapters.backend.kind import CheckKind, Field, Setup
from pal.config import Config

_DIGITS: Final = 64
_PREFIX_DIGITS: Final = 8

_MISSING: Final = "api_key_missing"
_UNKNOWN: Final = "api_key_unknown"


class KeyHolder:
    """Who has a key.

    Args:
        digest: SHA-256 of the key, in lower-case hexadecimal digits.
        consumer: Name of the holder.
    """

    def __init__(self, digest: str, consumer: str) -> None:
        self.digest = digest
        self.consumer = consumer


class ApiKeys(Check):
    """Knows keys by their hashes.

    Args:
        holders: Who has keys.
        consumer_header: Header that tells the upstream whose key it was.
        realm: What `www-authenticate` says that keys are for.
    """

    def __init__(self, holders: list[KeyHolder], consumer_header: str, realm: str) -> None:
        # By the first digits, which tell nothing about a key that hashes to others.
        self._holders: dict[str, list[KeyHolder]] = {}
        for holder in holders:
            prefix = holder.digest[:_PREFIX_DIGITS]
            if prefix not in self._holders:
                self._holders[prefix] = []
            self._holders[prefix].append(holder)
        self._consumer_header = consumer_header
        challenge = [("www-authenticate", f'ApiKey realm="{realm}"')]
        self._missing = Verdict(
            False, 401, b"an API key is needed\n", _MISSING, response_headers=challenge
        )
        self._unknown = Verdict(False, 403, b"unknown API key\n", _UNKNOWN)

    def check(self, question: Question) -> Verdict | None:
        """Look for the key's holder."""
        key = question.values[0]
        if not key:
            return self._missing
        digest = hashlib.sha256(key.encode("utf-8", "surrogateescape")).hexdigest()
        found = ""
        for holder in self._holders.get(digest[:_PREFIX_DIGITS], []):
            if hmac.compare_digest(holder.digest, digest):
                found = holder.consumer
        if not found:
            return self._unknown
        return Verdict(True, request_headers=[(self._consumer_header, found)])


class ApiKeysKind(CheckKind):
    """The kind `api_keys`."""

    def __init__(self) -> None:
        super().__init__("api_keys")

    def fields(self) -> list[Field]:
        """The key."""
        return [Field("key", "request.headers['x-api-key']")]

    def create(self, setup: Setup) -> Check:
        """Read `keys`, `consumer_header` and `realm`."""
        settings = setup.settings
        header = settings.get_header_name("consumer_header", "x-consumer")
        realm = settings.get_str("realm", "api")
        if '"' in realm or "\\" in realm or not realm.isprintable():
            raise settings.refusal("realm", "expected a text without quotes and backslashes")
        holders: list[KeyHolder] = []
        seen: dict[str, bool] = {}
        for section in settings.get_sections("keys"):
            holder = _holder(section)
            if holder.digest in seen:
                raise section.refusal("sha256", "this key is already somebody's")
            seen[holder.digest] = True
            holders.append(holder)
        if not holders:
            raise settings.refusal("keys", "expected at least one key")
        return ApiKeys(holders, header, realm)


def _holder(section: Config) -> KeyHolder:
    digest = section.get_str("sha256", "").lower()
    if len(digest) != _DIGITS or digest.strip("0123456789abcdef"):
        raise section.refusal("sha256", f"expected {_DIGITS} hexadecimal digits")
    consumer = section.get_str("consumer", "")
    if not consumer or not consumer.isprintable():
        raise section.refusal("consumer", "expected the name of who has the key")
    return KeyHolder(digest, consumer)
