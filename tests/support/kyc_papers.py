"""Papers as people send them: good ones from a scanner and a phone, and hostile ones from elsewhere."""

from __future__ import annotations

import struct
import zipfile
import zlib
from io import BytesIO
from typing import Any

from PIL import Image

PERSON: dict[str, str] = {
    "full_name": "Alice Example",
    "birth_date": "1990-05-17",
    "country": "DE",
    "nationality": "FR",
    "address": "1 High Street, 10115 Berlin",
}


def picture(form: str = "PNG", size: tuple[int, int] = (640, 420), **options: Any) -> bytes:
    """A page with a gradient, so that it is no single color."""
    out = BytesIO()
    Image.linear_gradient("L").resize(size).convert("RGB").save(out, form, **options)
    return out.getvalue()


def photo_with_place() -> bytes:
    """A JPEG that says where and by which camera it was taken, lying on its side."""
    exif = Image.Exif()
    exif[0x010F] = "Secret Camera Works"
    exif[0x0112] = 6
    exif.get_ifd(0x8825).update({1: "N", 2: (52.0, 31.0, 12.0)})
    return picture("JPEG", (800, 400), exif=exif, comment=b"a hidden remark")


def pdf(pages: int = 1, extra: bytes = b"") -> bytes:
    """A small PDF; `extra` are more objects."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>"]
    kids = b" ".join(b"%d 0 R" % (3 + number) for number in range(pages))
    objects.append(b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, pages))
    objects += [b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>"] * pages
    body = b"%PDF-1.7\n"
    for number, content in enumerate(objects, start=1):
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    body += extra
    return body + b"trailer\n<< /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % len(body)


def pdf_stream(dictionary: bytes, content: bytes) -> bytes:
    return b"90 0 obj\n<< %s /Length %d >>\nstream\n%s\nendstream\nendobj\n" % (dictionary, len(content), content)


def png_header(width: int, height: int, pixels: bytes = b"") -> bytes:
    """A PNG that claims to be this large, whatever it holds."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(pixels)) + chunk(b"IEND", b"")


def archive() -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("bomb", b"\0" * 10_000_000)
    return out.getvalue()


def animation() -> bytes:
    out = BytesIO()
    frames = [Image.new("RGB", (200, 200), color) for color in ("red", "green")]
    frames[0].save(out, "WEBP", save_all=True, append_images=frames[1:])
    return out.getvalue()


HIDDEN_SCRIPT = zlib.compress(b"7 0 << /S /J#61vaScript /J#53 (app.alert\\(1\\)) >>")
BOMB = zlib.compress(b"\0" * (80 * 1024 * 1024), 9)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'

# name: (content, the reason of its refusal)
HOSTILE: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "empty"),
    "text": (b"hello", "type_refused"),
    "svg": (SVG, "type_refused"),
    "html": (b"<!doctype html><script>alert(1)</script>", "type_refused"),
    "archive": (archive(), "type_refused"),
    "gif": (picture("GIF"), "type_refused"),
    "tiff": (picture("TIFF"), "type_refused"),
    "program": (b"MZ\x90\x00" + b"\0" * 200, "type_refused"),
    "other riff": (b"RIFF\x24\0\0\0WAVEfmt " + b"\0" * 40, "type_refused"),
    "ten megabytes and one": (b"\xff\xd8\xff" + b"\0" * (10 * 1024 * 1024), "too_large"),
    "cut png": (picture()[:-400], "unreadable"),
    "cut jpeg": (picture("JPEG")[:-600], "unreadable"),
    "cut webp": (picture("WEBP")[:-60], "unreadable"),
    "head of a png": (b"\x89PNG\r\n\x1a\n", "unreadable"),
    "head of a jpeg": (b"\xff\xd8\xff\xe0", "unreadable"),
    "damaged png": (picture()[:200] + b"\0\0\0\0" + picture()[204:], "unreadable"),
    "png of a billion pixels": (png_header(32_000, 32_000), "too_many_pixels"),
    "png that claims more than it holds": (png_header(6_000, 6_000), "unreadable"),
    "stamp": (picture(size=(90, 600)), "too_small"),
    "animation": (animation(), "animated"),
    "png with an archive behind": (picture() + archive(), "holds_another_file"),
    "jpeg with a page in its remark": (picture("JPEG", comment=b"<html><script>x</script>"), "holds_another_file"),
    "png with a pdf in front": (picture()[:33] + b"%PDF-1.7" + picture()[33:], "holds_another_file"),
    "pdf with an archive behind": (pdf()[:-6] + archive() + b"%%EOF", "holds_another_file"),
    "pdf with a page in front": (b"%PDF-1.7\n<html><body>" + pdf()[9:], "holds_another_file"),
    "cut pdf": (pdf()[:-12], "unreadable"),
    "pdf without pages": (pdf(0), "unreadable"),
    "head of a pdf": (b"%PDF-1.7", "unreadable"),
    "long pdf": (pdf(31), "too_many_pages"),
    "pdf with a script": (pdf(extra=b"8 0 obj << /S /JavaScript /JS (x) >> endobj\n"), "active_content"),
    "pdf with a script in escapes": (pdf(extra=b"8 0 obj << /S /#4aavaScript >> endobj\n"), "active_content"),
    "pdf with a script in a stream": (
        pdf(extra=pdf_stream(b"/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode", HIDDEN_SCRIPT)), "active_content",
    ),
    "pdf that starts programs": (pdf(extra=b"8 0 obj << /S /Launch /F (cmd) >> endobj\n"), "active_content"),
    "pdf with a file": (pdf(extra=b"8 0 obj << /Type /EmbeddedFile >> endobj\n"), "active_content"),
    "pdf with a form": (pdf(extra=b"8 0 obj << /XFA 9 0 R >> endobj\n"), "active_content"),
    "locked pdf": (pdf(extra=b"8 0 obj << /Encrypt 9 0 R >> endobj\n"), "locked"),
    "pdf bomb": (pdf(extra=pdf_stream(b"/Filter /FlateDecode", BOMB)), "unfolds_too_large"),
    "pdf bomb in a bomb": (pdf(extra=pdf_stream(b"/Filter [/FlateDecode /FlateDecode]", BOMB)), "unreadable"),
    "pdf with a damaged stream": (pdf(extra=pdf_stream(b"/Filter /FlateDecode", b"nonsense")), "unreadable"),
    "pdf with a stream without end": (pdf(extra=b"9 0 obj << >> stream\nabc"), "unreadable"),
    "pdf with a huge picture": (
        pdf(extra=pdf_stream(b"/Width 900000 /Height 900000", b"")), "too_many_pixels",
    ),
}  # fmt: skip
