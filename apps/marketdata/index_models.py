"""What an index is made of: its sources as rows to edit, and every reading of them as it was used.

Readings are written by the price worker alone. Prices are units of 1e-8 of the quote asset.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q

from apps.marketdata.index import SourceState
from apps.marketdata.json_path import parse_path

READING_KEY_BITS = 40  # reading_id = instrument << 40 | seconds since the epoch
SLOT_KEY_BITS = 10  # of a source's reading: the index's reading_id << 10 | place of the source
STATES = [(state.value, state.name.lower()) for state in SourceState]
SOURCES_MAX = 32  # of one instrument


class SourceKind(models.TextChoices):
    SIMULATED = "simulated", "simulated venue"
    HTTP_JSON = "http_json", "number in a JSON document"
    CCXT = "ccxt", "market of a real venue (ccxt)"


class IndexSettings(models.Model):
    """How many sources of an instrument must live for its index to be one."""

    instrument = models.OneToOneField("instruments.Instrument", on_delete=models.CASCADE, primary_key=True)
    minimum_sources = models.PositiveSmallIntegerField(
        default=2, validators=[MinValueValidator(1), MaxValueValidator(SOURCES_MAX)]
    )

    class Meta:
        verbose_name_plural = "index settings"
        constraints = [
            models.CheckConstraint(
                condition=Q(minimum_sources__gte=1, minimum_sources__lte=SOURCES_MAX), name="index_minimum_sources"
            )
        ]

    def __str__(self) -> str:
        return f"index of {self.instrument}"


class IndexSource(models.Model):
    """One outside price of an instrument's underlying. An instrument without active ones has three simulated venues."""

    instrument = models.ForeignKey("instruments.Instrument", on_delete=models.CASCADE, related_name="index_sources")
    name = models.CharField(max_length=32, validators=[RegexValidator(r"^[a-z0-9][a-z0-9_.-]*\Z")])
    kind = models.CharField(max_length=16, choices=SourceKind, default=SourceKind.HTTP_JSON)
    weight = models.PositiveIntegerField(
        default=1, validators=[MinValueValidator(1), MaxValueValidator(1_000_000)], help_text="Relative to the others."
    )
    is_active = models.BooleanField(default=True)
    interval_ms = models.PositiveIntegerField(
        default=1000, validators=[MinValueValidator(250), MaxValueValidator(5000)], help_text="How often it is asked."
    )
    address = models.CharField(max_length=500, blank=True, help_text="Of a JSON document: http or https.")
    json_path = models.CharField(
        max_length=200, blank=True, help_text="Where the price stands in it: data.0.last, or empty for the whole."
    )
    exchange = models.CharField(max_length=32, blank=True, help_text="ccxt's name of the venue.")
    market = models.CharField(max_length=64, blank=True, help_text="ccxt's symbol of the market, as BTC/USDT.")
    options = models.JSONField(default=dict, blank=True, help_text="Further options of ccxt's exchange object.")
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["instrument", "name"]
        constraints = [
            models.UniqueConstraint(fields=["instrument", "name"], name="index_source_once"),
            models.CheckConstraint(condition=Q(weight__gte=1, weight__lte=1_000_000), name="index_source_weight"),
            models.CheckConstraint(
                condition=Q(interval_ms__gte=250, interval_ms__lte=5000), name="index_source_interval"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} of {self.instrument}"

    def clean(self) -> None:
        """What a kind needs is there and can be used, and the instrument has room for one more."""
        others = IndexSource.objects.filter(instrument_id=self.instrument_id, is_active=True).exclude(pk=self.pk)
        if self.is_active and others.count() >= SOURCES_MAX:
            raise ValidationError(f"An instrument has at most {SOURCES_MAX} active sources.")
        if self.kind == SourceKind.HTTP_JSON:
            parts = urlsplit(self.address)
            if parts.scheme not in {"http", "https"} or not parts.hostname:
                raise ValidationError({"address": "An http or https address is needed."})
            if parts.username or parts.password:
                raise ValidationError({"address": "Credentials do not belong into an address."})
            try:
                parse_path(self.json_path)
            except ValueError as error:
                raise ValidationError({"json_path": str(error)}) from None
        if self.kind == SourceKind.CCXT:
            if not self.exchange.isidentifier():
                raise ValidationError({"exchange": "ccxt's name of the venue is needed."})
            if not self.market:
                raise ValidationError({"market": "ccxt's symbol of the market is needed."})
            if not isinstance(self.options, dict):
                raise ValidationError({"options": "An object is needed."})


class IndexReading(models.Model):
    """The index of one second; `index_units` 0: there was none, too few sources lived."""

    reading_id = models.BigIntegerField(primary_key=True)
    instrument_id = models.SmallIntegerField()
    time_ns = models.BigIntegerField()
    index_units = models.BigIntegerField()
    live_sources = models.SmallIntegerField()
    minimum_sources = models.SmallIntegerField()

    def __str__(self) -> str:
        return f"index of instrument {self.instrument_id} at {self.time_ns}"


class SourceReading(models.Model):
    """One source at one second: what it said last (`price_units` 0: nothing yet), when, and what was made of it."""

    reading_id = models.BigIntegerField(primary_key=True)
    instrument_id = models.SmallIntegerField()
    time_ns = models.BigIntegerField()
    source = models.CharField(max_length=32)
    price_units = models.BigIntegerField()
    used_units = models.BigIntegerField()
    weight = models.IntegerField()
    told_ns = models.BigIntegerField()
    state = models.SmallIntegerField(choices=STATES)

    def __str__(self) -> str:
        return f"{self.source} of instrument {self.instrument_id} at {self.time_ns}"
