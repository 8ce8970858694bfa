"""Documents of strangers: good ones lose what they need not tell, bad ones are refused in words, none hurts us."""

from __future__ import annotations

import json
import subprocess
import sys
import zlib
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from apps.kyc import inspection
from apps.kyc.errors import DocumentRefused
from apps.kyc.inspection import LIMITS, REASONS, inspect_document, watermark_picture
from apps.kyc.inspector import Refused, inspect
from tests.support.kyc_papers import HOSTILE, pdf, pdf_stream, photo_with_place, picture
from tests.support.pace import PATIENCE_S

BEFORE_THE_WORKER = {"nothing", "ten megabytes and one"}


@pytest.mark.parametrize(("form", "kind"), [("PNG", "image/png"), ("JPEG", "image/jpeg"), ("WEBP", "image/webp")])
def test_pictures_are_known_by_content_and_encoded_anew(form: str, kind: str) -> None:
    found = inspect_document(picture(form))
    assert (found.content_type, found.width, found.height, found.pages) == (kind, 640, 420, 1)
    kept = Image.open(BytesIO(found.content))
    assert (kept.format, kept.size, kept.mode) == (form, (640, 420), "RGB")


def test_a_photo_keeps_its_pixels_and_tells_nothing_else() -> None:
    found = inspect_document(photo_with_place())
    kept = Image.open(BytesIO(found.content))
    assert kept.size == (400, 800), "it stands upright"
    assert not kept.getexif()
    assert b"Secret Camera" not in found.content
    assert b"hidden remark" not in found.content


def test_what_is_transparent_becomes_white() -> None:
    out = BytesIO()
    Image.new("RGBA", (200, 200), (0, 0, 0, 0)).save(out, "PNG")
    kept = Image.open(BytesIO(inspect_document(out.getvalue()).content))
    assert kept.getpixel((5, 5)) == (255, 255, 255)


def test_a_large_photo_is_kept_smaller() -> None:
    found = inspect_document(picture("JPEG", (6_000, 3_000)))
    assert (found.width, found.height) == (4_000, 2_000)


@pytest.mark.parametrize("pages", [1, 30])
def test_plain_pdfs_are_kept_as_they_are(pages: int) -> None:
    found = inspect_document(pdf(pages))
    assert (found.content_type, found.pages, found.content) == ("application/pdf", pages, pdf(pages))


def test_a_pdf_from_a_scanner_is_taken() -> None:
    out = BytesIO()
    pages = [Image.new("RGB", (600, 800), "white") for _ in range(3)]
    pages[0].save(out, "PDF", save_all=True, append_images=pages[1:])
    assert inspect_document(out.getvalue()).pages == 3


def test_an_object_stream_counts_pages_too() -> None:
    inner = zlib.compress(b"7 0 << /Type /Page /Parent 2 0 R >>")
    found = inspect_document(pdf(extra=pdf_stream(b"/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode", inner)))
    assert found.pages == 2


@pytest.mark.parametrize("name", sorted(HOSTILE.keys() - BEFORE_THE_WORKER))
def test_hostile_documents_are_refused(name: str) -> None:
    """In this process, which is quicker; the next test sends some through the worker."""
    content, reason = HOSTILE[name]
    with pytest.raises(Refused) as refusal:
        inspect(content, LIMITS)
    assert str(refusal.value) == reason
    assert reason in REASONS


@pytest.mark.parametrize(
    "name",
    [
        *sorted(BEFORE_THE_WORKER),
        "svg",
        "cut jpeg",
        "png of a billion pixels",
        "pdf with a script in a stream",
        "pdf bomb",
    ],
)
def test_the_worker_refuses_them_in_words(name: str) -> None:
    content, reason = HOSTILE[name]
    with pytest.raises(DocumentRefused) as refusal:
        inspect_document(content)
    assert (refusal.value.details, refusal.value.message) == ({"reason": reason}, REASONS[reason])


def test_the_worker_has_little_memory_time_and_no_disk(tmp_path: Path) -> None:
    program = (
        "import json, sys, resource; from apps.kyc import inspector\n"
        "inspector.lock_down(json.loads(sys.argv[1]))\n"
        "print([resource.getrlimit(what)[0] for what in (resource.RLIMIT_AS, resource.RLIMIT_CPU, resource.RLIMIT_FSIZE)])\n"
        "try: x = bytearray(2 * 1024**3)\n"
        "except MemoryError: print('no memory')\n"
        "import pathlib; pathlib.Path(sys.argv[2]).write_bytes(b'x' * 10)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, json.dumps(LIMITS), str(tmp_path / "file")],
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert done.stdout.splitlines()[1:] == ["no memory"], done.stderr
    assert json.loads(done.stdout.splitlines()[0]) == [LIMITS["memory_bytes"], LIMITS["cpu_s"], 0]
    assert done.returncode != 0, "writing to a file is not allowed"


def test_a_worker_that_runs_out_of_time_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inspection, "WALL_S", 0.001)
    with pytest.raises(DocumentRefused) as refusal:
        inspect_document(picture())
    assert refusal.value.details == {"reason": "too_hard"}


def test_a_watermark_is_written_across_and_only_on_pictures() -> None:
    plain = inspect_document(picture("JPEG", (900, 600))).content
    marked = watermark_picture(plain, "carol@example.com \u202e2026")
    before, after = Image.open(BytesIO(plain)), Image.open(BytesIO(marked))
    assert before.size == after.size
    changed = sum(  # a channel that differs clearly
        one[0] - two[0] > 25 or two[0] - one[0] > 25
        for one, two in zip(
            before.convert("RGB").get_flattened_data(), after.convert("RGB").get_flattened_data(), strict=True
        )
    )
    assert changed > 5_000
    with pytest.raises(DocumentRefused):
        watermark_picture(b"hello", "x")
