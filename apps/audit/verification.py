"""Walks the chain and says where it is damaged; writes the head down where the database's owner cannot reach.

Each place is looked at by itself, so that one damage hides no other:
a record that differs from its digest was edited; a link that does not fit the one before it was reordered or made anew;
a missing place was deleted; a chain that ends before the last anchor was cut, one that differs from an anchor was
rewritten from somewhere before it.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

import structlog
from django.db.models import F

from apps.audit.anchors import Anchor, AnchorFile, AnchorsDamaged, sinks
from apps.audit.chain import GENESIS, link_hash, record_digest
from apps.audit.models import AuditCheck, AuditLink, AuditPending, AuditRecord
from apps.audit.selectors import record_row
from apps.audit.services import link_pending, record
from apps.audit.types import SYSTEM, Finding, Verdict

log = structlog.get_logger(__name__)
LINKS_AT_ONCE = 1000
FINDINGS_MAX = 1000
INCREMENT, WHOLE = "increment", "whole"


def verify(*, after: Anchor | None = None, anchors: AnchorFile | None = None) -> Verdict:
    """The whole chain, or what came after an anchor; compared with the anchors either way."""
    findings: list[Finding] = []
    known: list[Anchor] = []
    try:
        known = (anchors or AnchorFile()).read()
    except AnchorsDamaged as error:
        findings.append(Finding("anchors_damaged", 0, str(error)))
    first = after.seq if after else 1
    wanted = {anchor.seq: anchor.hash for anchor in known if anchor.seq >= first}
    last, previous = first - 1, None if after else GENESIS
    for link, row in _links(last):
        if link.seq > last + 1:
            findings.append(_gone(last + 1, link.seq - 1))
            previous = None
        findings += _of_place(link, row, previous)
        findings += _against_anchor(link, wanted)
        last, previous = link.seq, link.hash
        if len(findings) >= FINDINGS_MAX:
            break
    else:
        findings += _of_the_end(last, known)
    findings += _unchained() if after is None else []
    findings.sort(key=lambda finding: finding.seq)
    return Verdict(first, last, previous if last and previous else "", tuple(findings))


def verify_and_anchor(*, anchors: AnchorFile | None = None) -> Verdict:
    """Link what waits, verify what came since the last anchor, and anchor the head if it is good."""
    file = anchors or AnchorFile()
    link_pending()
    try:
        known = file.read()
    except AnchorsDamaged:
        known = []
    verdict = verify(after=known[-1] if known else None, anchors=file)
    if not known and verdict.is_good and _was_anchored():
        gone = Finding("anchors_damaged", 0, "there are no anchors, but the chain has been anchored before")
        verdict = Verdict(verdict.from_seq, verdict.through_seq, verdict.head, (gone,))
    keep(INCREMENT, verdict)
    if verdict.is_good and verdict.through_seq:
        anchor = file.append(verdict.through_seq, verdict.head)
        if anchor is not None:
            for sink in sinks():
                sink.put(anchor)
    return verdict


def verify_whole(*, anchors: AnchorFile | None = None) -> Verdict:
    """Every record from the first one on."""
    link_pending()
    verdict = verify(anchors=anchors)
    keep(WHOLE, verdict)
    return verdict


def keep(kind: str, verdict: Verdict) -> None:
    """Remember how it ended; damage is shouted about, and recorded when it is new."""
    text = "; ".join(finding.text for finding in verdict.findings[:5])[:500]
    before = AuditCheck.objects.filter(kind=kind).first()
    through = max(verdict.through_seq, before.through_seq if before and not verdict.is_good else 0)
    AuditCheck.objects.update_or_create(
        kind=kind,
        defaults={
            "checked_ns": time.time_ns(),
            "through_seq": through,
            "is_good": verdict.is_good,
            "finding": text,
        },
    )
    if verdict.is_good:
        return
    log.critical("audit.chain_damaged", kind=kind, findings=len(verdict.findings), first=text)
    if before is None or before.finding != text:
        record("audit.damage_found", actor=SYSTEM, subject=f"audit:{verdict.findings[0].seq}", reason=text)


def _was_anchored() -> bool:
    check = AuditCheck.objects.filter(kind=INCREMENT).first()
    return check is not None and check.through_seq > 0


def _links(after_seq: int) -> Iterator[tuple[AuditLink, AuditRecord | None]]:
    while True:
        links = list(AuditLink.objects.filter(seq__gt=after_seq).order_by("seq")[:LINKS_AT_ONCE])
        rows = AuditRecord.objects.in_bulk([link.record_id for link in links])
        for link in links:
            yield link, rows.get(link.record_id)
        if len(links) < LINKS_AT_ONCE:
            return
        after_seq = links[-1].seq


def _of_place(link: AuditLink, row: AuditRecord | None, previous: str | None) -> list[Finding]:
    """`previous` is None where the place before is missing, so that nothing can be said of the order."""
    if row is None:
        return [Finding("deleted", link.seq, f"the record at place {link.seq} (number {link.record_id}) is gone")]
    found = []
    if record_digest(record_row(row, seq=link.seq)) != link.digest:
        found.append(Finding("edited", link.seq, f"the record at place {link.seq} (number {row.pk}) was edited"))
    if previous is not None and link_hash(seq=link.seq, previous=previous, digest=link.digest) != link.hash:
        found.append(Finding("reordered", link.seq, f"place {link.seq} does not follow place {link.seq - 1}"))
    return found


def _against_anchor(link: AuditLink, wanted: dict[int, str]) -> list[Finding]:
    if wanted.get(link.seq, link.hash) == link.hash:
        return []
    return [Finding("rewritten", link.seq, f"place {link.seq} is not what was anchored: rewritten there or before")]


def _gone(first: int, last: int) -> Finding:
    said = f"place {first} is" if first == last else f"places {first} to {last} are"
    return Finding("deleted", first, f"{said} missing")


def _of_the_end(last: int, known: list[Anchor]) -> list[Finding]:
    """The chain may have grown since the last anchor, never shrunk."""
    if not known or known[-1].seq <= last:
        return []
    return [Finding("tail_cut", last + 1, f"the chain ends at place {last}, but place {known[-1].seq} was anchored")]


def _unchained() -> list[Finding]:
    """Records whose link is gone, or that came in by another door."""
    waiting = AuditPending.objects.values("record_id")
    rows = AuditRecord.objects.filter(link__isnull=True).exclude(id__in=waiting).annotate(number=F("id"))
    return [
        Finding("unchained", 0, f"record number {number} has no place in the chain")
        for number in rows.order_by("id").values_list("number", flat=True)[:FINDINGS_MAX]
    ]
