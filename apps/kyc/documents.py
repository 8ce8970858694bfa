"""Documents of applications: inspected, sealed, read by reviewers alone, deleted when their time is over.

Nothing here serves a file to the web; the back office's door is documents_admin.py.
"""

from __future__ import annotations

import hashlib
import unicodedata
import uuid
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from apps.audit.services import record
from apps.audit.types import Actor
from apps.common.sealing import SealError
from apps.kyc import vault
from apps.kyc.errors import UnknownDocument
from apps.kyc.inspection import inspect_document, watermark_picture
from apps.kyc.models import Application, Document
from apps.kyc.selectors import is_uuid
from apps.kyc.types import InspectedDocument

__all__ = ["delete_document", "inspect_document", "keep_document", "plain_file_name", "read_document"]
FILE_NAME_CHARS = 120
PDF = "application/pdf"


def keep_document(row: Application, *, kind: str, file_name: str, inspected: InspectedDocument) -> Document:
    """The file lies on the disk before its row does; a file without a row is swept later."""
    document_id = uuid.uuid4()
    name, sealed = vault.keep(inspected.content, context=_context(document_id))
    try:
        with transaction.atomic():
            return Document.objects.create(
                id=document_id,
                application=row,
                kind=kind,
                file_name=plain_file_name(file_name),
                content_type=inspected.content_type,
                size_bytes=len(inspected.content),
                pages=inspected.pages,
                width=inspected.width,
                height=inspected.height,
                digest=hashlib.sha256(inspected.content).hexdigest(),
                stored_name=name,
                data_key_sealed=sealed.data_key,
                kek_id=sealed.kek_id,
            )
    except BaseException:
        vault.drop(name)
        raise


def read_document(document_id: str, *, application_id: str, actor: Actor, watermark: str) -> tuple[Document, bytes]:
    """For a reviewer: the row and the content, pictures marked with `watermark`; the reading is in the trail first.

    Raises UnknownDocument, SealError, DocumentRefused, ServiceUnavailable.
    """
    if not (is_uuid(document_id) and is_uuid(application_id)):
        raise UnknownDocument
    wanted = {"id": document_id, "application_id": application_id}
    row = Document.objects.select_related("application").filter(**wanted, deleted_at=None).first()
    if row is None:
        raise UnknownDocument
    record(
        "kyc.document_viewed",
        actor=actor,
        subject=f"kyc.document:{row.id}",
        after={"application": str(row.application_id), "kind": row.kind, "user_id": row.application.user_id},
    )
    content = open_document(row)
    if row.content_type != PDF:
        content = watermark_picture(content, watermark)
    return row, content


def open_document(row: Document) -> bytes:
    """The stored content, as kept. Raises SealError."""
    content = vault.fetch(
        row.stored_name, data_key=bytes(row.data_key_sealed), kek_id=row.kek_id, context=document_context(row)
    )
    if hashlib.sha256(content).hexdigest() != row.digest:
        raise SealError("a document is not what was kept")
    return content


def delete_document(row: Document, *, actor: Actor, reason: str) -> None:
    """The file goes after the commit; the row stays to tell that there was one."""
    name = row.stored_name
    Document.objects.filter(id=row.id).update(stored_name="", data_key_sealed=b"", kek_id="", deleted_at=timezone.now())
    record("kyc.document_deleted", actor=actor, subject=f"kyc.document:{row.id}", reason=reason)
    transaction.on_commit(lambda: vault.drop(name))


def retain_documents(row: Application, until: datetime) -> None:
    """From now on the application's documents have an end."""
    row.documents.filter(deleted_at=None).update(retain_until=until)


def plain_file_name(text: str) -> str:
    """The last part of what the sender called it, printable, for people to read; never a path of ours."""
    last = unicodedata.normalize("NFC", text.replace("\\", "/").rpartition("/")[2])
    kept = "".join(sign for sign in last if sign.isprintable() and sign not in '"<>|:*?')
    return kept.strip(" .")[:FILE_NAME_CHARS] or "document"


def document_context(row: Document) -> bytes:
    return _context(row.id)


def _context(document_id: uuid.UUID) -> bytes:
    return b"kyc-document:" + str(document_id).encode()
