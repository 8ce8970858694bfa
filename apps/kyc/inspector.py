"""The bounded worker that opens documents of strangers: a program of its own, in no Django process.

`python -I inspector.py <limits as JSON>` reads the document from stdin and writes to stdout one line of JSON,
`{"refused": reason}` or the facts, then the bytes to keep. It takes away its own rights to much memory, time
and files before it reads anything. Imports the standard library and Pillow alone.
"""

from __future__ import annotations

import contextlib
import json
import re
import resource
import sys
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from PIL import Image, ImageDraw, ImageFont, ImageOps

FORMATS = {b"\x89PNG\r\n\x1a\n": "PNG", b"\xff\xd8\xff": "JPEG", b"RIFF": "WEBP", b"%PDF-": "PDF"}
CONTENT_TYPES = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp", "PDF": "application/pdf"}
STRANGE_HEADS = re.compile(
    rb"<(?:!doctype|html|script|svg|\?php|\?xml|body|iframe)|%PDF-|MZ\x90\x00|\x7fELF", re.IGNORECASE
)
HEAD_BYTES = 1024
ZIP_END, ZIP_END_REACH = b"PK\x05\x06", 66_000
ACTIVE = re.compile(
    rb"/(?:JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|XFA|SubmitForm|ImportData|GoToE|Movie|Sound|Rendition)(?![A-Za-z0-9])"
)
NAME_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
PDF_STREAM = re.compile(rb"stream\r?\n")
PDF_PAGE = re.compile(rb"/Type\s*/Page(?![A-Za-z0-9])")
PDF_SIDE = re.compile(rb"/(?:Width|Height)\s+([0-9]{1,9})(?![0-9])")
DICT_REACH = 4096


class Refused(Exception):
    """The document may not be taken; the argument is a word of `inspection.REASONS`."""


def lock_down(limits: dict[str, int]) -> None:
    """Memory, processor seconds, no file may grow, few files may be open."""
    for what, most in (
        (resource.RLIMIT_AS, limits["memory_bytes"]),
        (resource.RLIMIT_CPU, limits["cpu_s"]),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        with contextlib.suppress(ValueError, OSError):  # a system that does not know the limit: the others hold
            resource.setrlimit(what, (most, most))


def format_of(content: bytes) -> str:
    """By content alone; a name or a header says nothing."""
    for magic, name in FORMATS.items():
        if content.startswith(magic) and (name != "WEBP" or content[8:12] == b"WEBP"):
            return name
    raise Refused("type_refused")


def inspect(content: bytes, limits: dict[str, int]) -> tuple[dict[str, Any], bytes]:
    """The facts of a document and what of it is kept. Raises Refused."""
    name = format_of(content)
    if ZIP_END in content[-ZIP_END_REACH:] or STRANGE_HEADS.search(content[5:HEAD_BYTES]):
        raise Refused("holds_another_file")
    if name == "PDF":
        pages = check_pdf(content, limits)
        return {"content_type": CONTENT_TYPES[name], "pages": pages, "width": 0, "height": 0}, content
    picture = open_picture(content, name, limits)
    kept = encode(picture, name)
    return {"content_type": CONTENT_TYPES[name], "pages": 1, "width": picture.width, "height": picture.height}, kept


def open_picture(content: bytes, name: str, limits: dict[str, int]) -> Image.Image:
    """One picture, upright, opaque, no larger than it is kept. Raises Refused."""
    try:
        picture: Image.Image = Image.open(BytesIO(content), formats=[name])
    except Image.DecompressionBombError:
        raise Refused("too_many_pixels") from None
    except (OSError, ValueError, SyntaxError):
        raise Refused("unreadable") from None
    if picture.width * picture.height > limits["pixels"]:
        raise Refused("too_many_pixels")
    if min(picture.size) < limits["side_min"]:
        raise Refused("too_small")
    if getattr(picture, "n_frames", 1) != 1:
        raise Refused("animated")
    side = limits["side_kept"]
    try:
        if name == "PNG":
            Image.open(BytesIO(content), formats=[name]).verify()  # its check sums, which loading does not mind
        if name == "JPEG":
            picture.draft("RGB", (side, side))
        picture.load()
        upright = ImageOps.exif_transpose(picture)
        upright.thumbnail((side, side))
        return flatten(upright)
    except (OSError, ValueError, SyntaxError, MemoryError, EOFError, zlib.error):
        raise Refused("unreadable") from None


def flatten(picture: Image.Image) -> Image.Image:
    """RGB on white: nothing hides in what is transparent, in a palette or in a profile."""
    seen = (
        picture.convert("RGBA") if picture.mode in {"P", "LA", "PA", "RGBA", "La", "RGBa"} else picture.convert("RGB")
    )
    if seen.mode == "RGB":
        plain = Image.new("RGB", seen.size)
        plain.paste(seen)
        return plain
    ground = Image.new("RGB", seen.size, "white")
    ground.paste(seen, mask=seen.getchannel("A"))
    return ground


def encode(picture: Image.Image, name: str) -> bytes:
    """The pixels and nothing else: no EXIF, no profile, no comment, no tail."""
    out = BytesIO()
    options: dict[str, Any] = {"JPEG": {"quality": 88}, "WEBP": {"quality": 88, "method": 2}, "PNG": {}}[name]
    picture.save(out, name, **options)
    return out.getvalue()


def check_pdf(content: bytes, limits: dict[str, int]) -> int:
    """The number of pages. Raises Refused: nothing may run, hide, be locked or unfold without end."""
    tail = content.rstrip(b"\0\t\n\x0c\r ")
    if not re.match(rb"%PDF-[12]\.[0-9]", content) or not tail.endswith(b"%%EOF") or b"startxref" not in tail[-1024:]:
        raise Refused("unreadable")
    plain = bytearray()
    for part in pdf_text(content, limits["unfolded_bytes"]):
        plain += part
    words = NAME_ESCAPE.sub(lambda found: bytes([int(found[1], 16)]), bytes(plain))
    if re.search(rb"/Encrypt(?![A-Za-z0-9])", words):
        raise Refused("locked")
    if ACTIVE.search(words):
        raise Refused("active_content")
    if any(int(side) > limits["side_pdf"] for side in PDF_SIDE.findall(words)):
        raise Refused("too_many_pixels")
    pages = len(PDF_PAGE.findall(words))
    if pages == 0:
        raise Refused("unreadable")
    if pages > limits["pages"]:
        raise Refused("too_many_pages")
    return pages


def pdf_text(content: bytes, budget: int) -> Iterator[bytes]:
    """What stands outside streams, and what unfolds out of streams of objects. Raises Refused for a bomb."""
    at = 0
    while (begin := PDF_STREAM.search(content, at)) is not None:
        outside = content[at : begin.start()]
        yield outside
        end = content.find(b"endstream", begin.end())
        if end < 0:
            raise Refused("unreadable")
        about = NAME_ESCAPE.sub(lambda found: bytes([int(found[1], 16)]), outside[-DICT_REACH:].rpartition(b"obj")[2])
        holds_objects = re.search(rb"/ObjStm(?![A-Za-z0-9])", about) is not None
        flates = len(re.findall(rb"/(?:FlateDecode|Fl)(?![A-Za-z0-9])", about))
        if flates > 1 or (holds_objects and re.search(rb"/(?:LZW|ASCII85|ASCIIHex|RunLength|DecodeParms)", about)):
            raise Refused("unreadable")
        unfolded = unfold(content[begin.end() : end], budget) if flates else content[begin.end() : end]
        budget -= len(unfolded) if flates else 0
        if holds_objects:
            yield unfolded
        at = end + len(b"endstream")
    yield content[at:]


def unfold(data: bytes, budget: int) -> bytes:
    machine = zlib.decompressobj()
    try:
        unfolded = machine.decompress(data, budget + 1)
    except zlib.error:
        raise Refused("unreadable") from None
    if len(unfolded) > budget:
        raise Refused("unfolds_too_large")
    return unfolded


def watermark(content: bytes, limits: dict[str, int], text: str) -> tuple[dict[str, Any], bytes]:
    """The stored picture with who looks at it, and when, written across. Raises Refused."""
    name = format_of(content)
    picture = open_picture(content, name, limits | {"side_min": 1})
    size = max(14, picture.width // 36)
    font = ImageFont.load_default(size)
    layer = Image.new("RGBA", picture.size)
    pen = ImageDraw.Draw(layer)
    step = max(picture.height // 5, size * 3)
    for row, top in enumerate(range(step // 2, picture.height, step)):
        pen.text((-(row % 2) * size * 6, top), f"{text}    " * 4, font=font, fill=(255, 0, 0, 110), stroke_width=1)
    marked = Image.alpha_composite(picture.convert("RGBA"), layer).convert("RGB")
    return {"content_type": CONTENT_TYPES[name], "pages": 1, "width": marked.width, "height": marked.height}, encode(
        marked, name
    )


def main() -> None:
    limits = json.loads(sys.argv[1])
    Image.MAX_IMAGE_PIXELS = None  # open_picture counts them itself, before anything is unfolded
    Image.preinit()
    Image.init()
    lock_down(limits)
    content = sys.stdin.buffer.read(limits["size_bytes"] + 1)
    kept = b""
    try:
        facts, kept = watermark(content, limits, sys.argv[2]) if len(sys.argv) > 2 else inspect(content, limits)
    except Refused as refused:
        facts = {"refused": str(refused)}
    except (MemoryError, RecursionError, Image.DecompressionBombError):
        facts = {"refused": "unreadable"}
    sys.stdout.buffer.write(json.dumps(facts).encode() + b"\n" + kept)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
