"""A form with one file, read into memory and no further than a document may be large; nothing is written to a disk."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http.multipartparser import MultiPartParser as FormReader
from django.http.multipartparser import MultiPartParserError
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser, DataAndFiles

from apps.kyc.inspection import SIZE_BYTES_MAX, refusal

FORM_BYTES_MAX = SIZE_BYTES_MAX + 64 * 1024


class MemoryHandler(FileUploadHandler):
    """Raises DocumentRefused as soon as a file is too large."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.content = BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if start + len(raw_data) > SIZE_BYTES_MAX:
            raise refusal("too_large")
        self.content.write(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        self.content.seek(0)
        return InMemoryUploadedFile(
            self.content, self.field_name, self.file_name, self.content_type, file_size, self.charset
        )


class DocumentFormParser(BaseParser):
    """`multipart/form-data`. Raises ParseError, DocumentRefused."""

    media_type = "multipart/form-data"

    def parse(
        self, stream: Any, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> DataAndFiles[Any, Any]:
        meta = {**(parser_context or {})["request"].META, "CONTENT_TYPE": media_type}
        if int(meta.get("CONTENT_LENGTH") or 0) > FORM_BYTES_MAX:
            raise refusal("too_large")
        try:
            data, files = FormReader(meta, stream, [MemoryHandler()], "utf-8").parse()
        except (MultiPartParserError, SuspiciousOperation, UnicodeError) as error:
            raise ParseError(f"The form cannot be read: {error}") from None
        return DataAndFiles(data, files)
