"""Shapes of the KYC doors; they check form only."""

from __future__ import annotations

import unicodedata
from datetime import date
from typing import Any

from django.utils import timezone
from rest_framework import serializers

from apps.common.serializers import MillisecondsField, PlainIntegerField
from apps.kyc.countries import COUNTRIES
from apps.kyc.selectors import list_levels
from apps.kyc.types import (
    LEVEL_MAX,
    REQUIREMENTS,
    UNLIMITED_UNITS,
    ApplicationRef,
    ApplicationState,
    DocumentKind,
    LevelTerms,
    Person,
)
from apps.kyc.webhooks import EVENTS
from matcher.protocol.units import format_scaled

AGE_MIN, AGE_MAX = 18, 120
NAME_CHARS, ADDRESS_CHARS = 140, 300
LETTERS_MIN = 2
# Controls, signs that turn the reading direction or are not seen, private and unassigned ones: no name needs them.
UNWANTED = {"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"}
JOINERS = "\u200c\u200d"  # Persian and Indic names are spelled with them


class PlainTextField(serializers.CharField):
    """Text people read, in normal form C, one line, nothing invisible; any sign that can be seen is as good as another."""

    default_error_messages = {
        "unwanted": "Control, invisible or unassigned characters are not taken.",
        "letters": "At least two letters are needed.",
    }

    def __init__(self, *, letters_min: int = 0, **options: Any) -> None:
        super().__init__(**options)
        self.letters_min = letters_min

    def to_internal_value(self, data: Any) -> str:
        text = unicodedata.normalize("NFC", super().to_internal_value(data))
        if any(unicodedata.category(sign) in UNWANTED and sign not in JOINERS for sign in text):
            self.fail("unwanted")
        if sum(sign.isalpha() for sign in text) < self.letters_min:
            self.fail("letters")
        return " ".join(text.split())


class CountryField(serializers.CharField):
    """Two capital letters of ISO 3166-1."""

    default_error_messages = {"unknown": "Give the two letters of a country, for example DE."}

    def to_internal_value(self, data: Any) -> str:
        code: str = super().to_internal_value(data)
        if code not in COUNTRIES:
            self.fail("unknown")
        return code


class PersonSerializer(serializers.Serializer[Any]):
    """The person an application is about."""

    full_name = PlainTextField(max_length=NAME_CHARS, letters_min=LETTERS_MIN)
    birth_date = serializers.DateField(input_formats=["%Y-%m-%d"])
    country = CountryField(max_length=2, help_text="Country of residence, ISO 3166-1 alpha-2")
    nationality = CountryField(max_length=2, help_text="ISO 3166-1 alpha-2")
    address = PlainTextField(max_length=ADDRESS_CHARS, letters_min=LETTERS_MIN)

    def validate_birth_date(self, value: date) -> date:
        today = timezone.now().date()
        age = today.year - value.year - ((today.month, today.day) < (value.month, value.day))
        if age > AGE_MAX or value > today:
            raise serializers.ValidationError("This is no birth date of a living person.")
        if age < AGE_MIN:
            raise serializers.ValidationError("You have to be 18 years old.")
        return value


class NewApplicationSerializer(PersonSerializer):
    level = PlainIntegerField(min_value=1, max_value=LEVEL_MAX)


def person_of(values: dict[str, Any]) -> Person:
    return Person(**{name: values[name] for name in ("full_name", "birth_date", "country", "nationality", "address")})


class LimitsSerializer(serializers.Serializer[Any]):
    """Amounts in USDT in any 24 hours; null where there is no limit. What is used counts the last 24 hours."""

    level = serializers.IntegerField()
    max_leverage = serializers.IntegerField()
    daily_deposit = serializers.CharField(allow_null=True)
    daily_deposit_used = serializers.CharField()
    daily_withdrawal = serializers.CharField(allow_null=True)
    daily_withdrawal_used = serializers.CharField()


class LevelSerializer(serializers.Serializer[Any]):
    """A level one may apply for; `requirements` name the documents it takes."""

    level = serializers.IntegerField()
    name = serializers.CharField()
    version = serializers.IntegerField()
    max_leverage = serializers.IntegerField()
    daily_deposit = serializers.CharField(allow_null=True)
    daily_withdrawal = serializers.CharField(allow_null=True)
    validity_days = serializers.IntegerField(allow_null=True)
    requirements = serializers.ListField(child=serializers.ChoiceField(choices=list(REQUIREMENTS)))


class NewDocumentSerializer(serializers.Serializer[Any]):
    """One file and what it is said to be: PDF, PNG, JPEG or WebP, at most 10 MB."""

    kind = serializers.ChoiceField(choices=DocumentKind.choices)
    file = serializers.FileField(allow_empty_file=True, max_length=None)


class DocumentSerializer(serializers.Serializer[Any]):
    """A document as its sender sees it; its contents are shown to reviewers alone."""

    id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=DocumentKind.choices)
    file_name = serializers.CharField()
    content_type = serializers.CharField()
    size_bytes = serializers.IntegerField()
    pages = serializers.IntegerField()
    created_ms = MillisecondsField(source="created_at")


class TransitionSerializer(serializers.Serializer[Any]):
    state = serializers.ChoiceField(choices=ApplicationState.choices)
    reason = serializers.CharField()
    time_ms = MillisecondsField(source="created_at")


class StoredPersonSerializer(serializers.Serializer[Any]):
    full_name = serializers.CharField()
    birth_date = serializers.DateField()
    country = serializers.CharField()
    nationality = serializers.CharField()
    address = serializers.CharField()


class ApplicationSerializer(serializers.Serializer[Any]):
    """An application with its documents and history; `missing` names requirements without a document."""

    id = serializers.UUIDField()
    level = serializers.IntegerField()
    state = serializers.ChoiceField(choices=ApplicationState.choices)
    reason = serializers.CharField()
    person = StoredPersonSerializer(allow_null=True)
    documents = DocumentSerializer(many=True)
    missing = serializers.ListField(child=serializers.CharField())
    history = TransitionSerializer(many=True)
    created_ms = MillisecondsField(source="created_at")
    submitted_ms = MillisecondsField(source="submitted_at", allow_null=True)
    decided_ms = MillisecondsField(source="decided_at", allow_null=True)
    expires_ms = MillisecondsField(source="expires_at", allow_null=True)


class KycSerializer(serializers.Serializer[Any]):
    """Where I stand. `is_held`: no money moves until a reviewer has looked."""

    level = serializers.IntegerField()
    name = serializers.CharField()
    is_held = serializers.BooleanField()
    expires_ms = MillisecondsField(source="expires_at", allow_null=True)
    limits = LimitsSerializer()
    application = ApplicationSerializer(allow_null=True)


class ProviderEventSerializer(serializers.Serializer[Any]):
    """What a provider tells of a submission; `sequence` grows with every event of it."""

    event_id = serializers.RegexField(r"^[A-Za-z0-9_.-]{1,64}\Z")
    reference = serializers.UUIDField()
    sequence = PlainIntegerField(min_value=1, max_value=2**31 - 1)
    event = serializers.ChoiceField(choices=EVENTS)
    reason = PlainTextField(max_length=500, allow_blank=True, default="")


class TakenSerializer(serializers.Serializer[Any]):
    """What became of a delivery."""

    outcome = serializers.ChoiceField(choices=["applied", "advised", "stale", "ignored", "repeated"])


def units_text(units: int) -> str | None:
    return None if units >= UNLIMITED_UNITS else format_scaled(units, 8)


def level_body(terms: LevelTerms) -> dict[str, Any]:
    return {
        "level": terms.level,
        "name": terms.name,
        "version": terms.version,
        "max_leverage": terms.max_leverage,
        "daily_deposit": units_text(terms.daily_deposit_units),
        "daily_withdrawal": units_text(terms.daily_withdrawal_units),
        "validity_days": terms.validity_days or None,
        "requirements": list(terms.requirements),
    }


def application_body(application: ApplicationRef) -> dict[str, Any]:
    body: dict[str, Any] = dict(ApplicationSerializer(application).data)
    return body


def level_name(level: int) -> str:
    return next(terms.name for terms in list_levels() if terms.level == level)
