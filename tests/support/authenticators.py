"""What people hold in their hands: an authenticator app, and a security key made of software."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import struct
import time
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django_otp.oath import hotp
from webauthn.helpers import bytes_to_base64url
from webauthn.helpers.encode_cbor import encode_cbor

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def totp_code(secret: str, *, steps: int = 0) -> str:
    """The code that an app shows for the base32 secret, some time steps from now.

    One is taken a step early or late and never twice: the first code of a test is that of now, the second that of
    the next step, and a clock that goes on to the next step in between does no harm.
    """
    return f"{hotp(base64.b32decode(secret), int(time.time()) // 30 + steps, 6):06d}"


class SecurityKey:
    """Makes one ES256 passkey and answers challenges with it; counts its answers."""

    def __init__(self, origin: str = "http://testserver") -> None:
        self.origin = origin
        self.id = os.urandom(32)
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.count = 0
        self.flags = PRESENT | VERIFIED

    def make(self, options: dict[str, Any]) -> dict[str, Any]:
        """The credential for navigator.credentials.create's options."""
        numbers = self.key.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        attested = b"\0" * 16 + struct.pack(">H", len(self.id)) + self.id + encode_cbor(cose)
        data = self._data(options["rp"]["id"], ATTESTED) + attested
        attestation = encode_cbor({"fmt": "none", "attStmt": {}, "authData": data})
        response = {
            "clientDataJSON": _text(self._client_data("webauthn.create", options["challenge"])),
            "attestationObject": _text(attestation),
            "transports": ["internal"],
        }
        return {"id": _text(self.id), "rawId": _text(self.id), "type": "public-key", "response": response}

    def use(self, options: dict[str, Any]) -> dict[str, Any]:
        """The credential for navigator.credentials.get's options."""
        self.count += 1
        data = self._data(options["rpId"], 0)
        client = self._client_data("webauthn.get", options["challenge"])
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        response = {
            "clientDataJSON": _text(client),
            "authenticatorData": _text(data),
            "signature": _text(signature),
            "userHandle": None,
        }
        return {"id": _text(self.id), "rawId": _text(self.id), "type": "public-key", "response": response}

    def _data(self, party: str, more: int) -> bytes:
        return hashlib.sha256(party.encode()).digest() + struct.pack(">BI", self.flags | more, self.count)

    def _client_data(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()


def _text(raw: bytes) -> str:
    return bytes_to_base64url(raw)
