"""The trail's rows. Records and links are only ever added; the database refuses anything else (triggers.py)."""

from django.db import models

ACTOR_KINDS = [(name, name) for name in ("user", "staff", "api_key", "system", "anonymous")]


class AuditRecord(models.Model):
    """What somebody did. `before` and `after` are JSON text, kept as written because their bytes are hashed."""

    id = models.BigAutoField(primary_key=True)
    time_ns = models.BigIntegerField()
    action = models.CharField(max_length=64)
    actor_kind = models.CharField(max_length=16, choices=ACTOR_KINDS)
    actor_id = models.CharField(max_length=64)
    address = models.CharField(max_length=45, blank=True)
    subject = models.CharField(max_length=128, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    before = models.TextField(blank=True)
    after = models.TextField(blank=True)
    request_id = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = "audit record"
        permissions = [
            ("view_unmasked", "Can see addresses and e-mails in the audit trail"),
            ("export_auditrecord", "Can export the audit trail"),
        ]
        indexes = [
            models.Index(fields=["actor_id", "id"], name="audit_by_actor"),
            models.Index(fields=["action", "id"], name="audit_by_action"),
            models.Index(fields=["subject", "id"], name="audit_by_subject"),
            models.Index(fields=["request_id"], name="audit_by_request"),
            models.Index(fields=["time_ns"], name="audit_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.action} by {self.actor_kind} {self.actor_id}"


class AuditLink(models.Model):
    """A record's place in the chain: `seq` counts from 1 without gaps; `hash` covers the link before and `digest`."""

    seq = models.BigIntegerField(primary_key=True)
    record = models.OneToOneField(AuditRecord, on_delete=models.DO_NOTHING, related_name="link", db_constraint=False)
    digest = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.seq}: {self.hash[:16]}"


class AuditPending(models.Model):
    """A committed record that has no link yet; it goes when the link comes, within moments."""

    record = models.OneToOneField(
        AuditRecord, on_delete=models.DO_NOTHING, primary_key=True, related_name="pending", db_constraint=False
    )

    def __str__(self) -> str:
        return str(self.record_id)


class AuditLock(models.Model):
    """One row, held by whoever is linking."""

    id = models.SmallIntegerField(primary_key=True)

    def __str__(self) -> str:
        return str(self.id)


class AuditCheck(models.Model):
    """How the last verification of a kind (`increment`, `whole`) ended."""

    kind = models.CharField(primary_key=True, max_length=16)
    checked_ns = models.BigIntegerField()
    through_seq = models.BigIntegerField()
    is_good = models.BooleanField()
    finding = models.CharField(max_length=500, blank=True)

    def __str__(self) -> str:
        return f"{self.kind}: {'good' if self.is_good else self.finding}"
