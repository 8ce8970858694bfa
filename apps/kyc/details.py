"""Personal details at rest: one sealed JSON object per application, bound to its id."""

from __future__ import annotations

import json
from datetime import date

from apps.common.sealing import Sealed, seal, unseal
from apps.kyc.models import Application
from apps.kyc.types import Person


def close_details(row: Application, person: Person) -> None:
    """Put the sealed person into the row; the caller saves."""
    plain = json.dumps(
        {
            "full_name": person.full_name,
            "birth_date": person.birth_date.isoformat(),
            "country": person.country,
            "nationality": person.nationality,
            "address": person.address,
        }
    ).encode()
    sealed = seal(plain, context=details_context(row))
    row.details_sealed, row.details_key, row.kek_id = sealed.ciphertext, sealed.data_key, sealed.kek_id


def open_details(row: Application) -> Person | None:
    """The person; None once retention has taken the details. Raises SealError when they do not open."""
    if not row.details_sealed:
        return None
    sealed = Sealed(bytes(row.details_sealed), bytes(row.details_key), row.kek_id)
    facts = json.loads(unseal(sealed, context=details_context(row)))
    return Person(**{**facts, "birth_date": date.fromisoformat(facts["birth_date"])})


def forget_details(row: Application) -> None:
    """Blank them for good; the caller saves."""
    row.details_sealed, row.details_key, row.kek_id = b"", b"", ""


def details_context(row: Application) -> bytes:
    return b"kyc-details:" + str(row.id).encode()
