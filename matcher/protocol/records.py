"""How a record is declared and laid out: one class, its fields, a fixed width of bytes.

Every record is little-endian, fields aligned to their own size in declaration order, zero-padded
to the width its base names. Python codec, numpy view, the compiled structs and docs/protocol.md
all come from these classes.
"""

from __future__ import annotations

import struct
import sys
from collections import namedtuple
from typing import Annotated, Any, ClassVar, Self, dataclass_transform, get_type_hints

U8 = Annotated[int, "B"]
U16 = Annotated[int, "H"]
U32 = Annotated[int, "I"]
I32 = Annotated[int, "i"]
U64 = Annotated[int, "Q"]
I64 = Annotated[int, "q"]
Text = Annotated[bytes, "36s"]

TEXT_BYTES = 36
_SIZE = {"B": 1, "H": 2, "I": 4, "i": 4, "Q": 8, "q": 8, "36s": TEXT_BYTES}
_ALIGN = {**_SIZE, "36s": 1}
_NUMPY = {"B": "u1", "H": "<u2", "I": "<u4", "i": "<i4", "Q": "<u8", "q": "<i8", "36s": "S36"}
_C = {"B": "uint8_t", "H": "uint16_t", "I": "uint32_t", "i": "int32_t", "Q": "uint64_t", "q": "int64_t", "36s": "char"}


class Field(namedtuple("Field", "name code offset")):
    """One field of a record: its name, struct code and byte offset."""

    __slots__ = ()
    name: str
    code: str
    offset: int

    @property
    def size(self) -> int:
        return _SIZE[self.code]

    @property
    def c_declaration(self) -> str:
        suffix = f"[{TEXT_BYTES}]" if self.code == "36s" else ""
        return f"{_C[self.code]} {self.name}{suffix}"


class Layout:
    """Byte layout of one record class; `width` bytes in all."""

    def __init__(self, name: str, codes: dict[str, str], width: int) -> None:
        self.name, self.width = name, width
        self.fields: list[Field] = []
        parts, at = ["<"], 0
        for field, code in codes.items():
            gap = -at % _ALIGN[code]
            parts.append(f"{gap}x" if gap else "")
            at += gap
            self.fields.append(Field(field, code, at))
            parts.append(code)
            at += _SIZE[code]
        if at > width:
            raise TypeError(f"{name} takes {at} bytes, over its width of {width}")
        parts.append(f"{width - at}x" if width > at else "")
        self.struct = struct.Struct("".join(parts))
        self.texts = [i for i, f in enumerate(self.fields) if f.code == "36s"]

    def numpy_spec(self) -> dict[str, Any]:
        """Argument for `numpy.dtype`: a view of a record array without copying."""
        return {
            "names": [f.name for f in self.fields],
            "formats": [_NUMPY[f.code] for f in self.fields],
            "offsets": [f.offset for f in self.fields],
            "itemsize": self.width,
        }


@dataclass_transform(frozen_default=True, kw_only_default=True)
class RecordMeta(type):
    """Turns annotated class bodies into tuples with a byte layout."""

    def __new__(mcs, name: str, bases: tuple[type, ...], body: dict[str, Any], *, width: int = 0, kind: int = 0) -> Any:
        if not width and not any(getattr(b, "WIDTH", 0) for b in bases):
            return super().__new__(mcs, name, bases, body)
        draft = type(name, (), {"__annotations__": body.get("__annotations__", {}), "__module__": body["__module__"]})
        codes: dict[str, str] = {}
        for base in reversed(bases):
            codes.update({f.name: f.code for f in base.LAYOUT.fields} if hasattr(base, "LAYOUT") else {})
        defaults: dict[str, Any] = {}
        for field, hint in get_type_hints(draft, vars(sys.modules[body["__module__"]]), include_extras=True).items():
            if hasattr(hint, "__metadata__"):
                codes[field] = hint.__metadata__[0]
                defaults[field] = body.pop(field, None)
        width = width or next(filter(None, (getattr(b, "WIDTH", 0) for b in bases)))
        empty: dict[str, Any] = {f: (b"" if c == "36s" else 0) for f, c in codes.items()}
        for base in reversed(bases):
            empty.update(getattr(base, "_field_defaults", {}))
        empty.update({f: d for f, d in defaults.items() if d is not None})
        if "kind" in codes:
            empty["kind"] = kind
        row = namedtuple(name, list(codes), defaults=list(empty.values()))  # type: ignore[misc]
        body.update(__slots__=(), LAYOUT=Layout(name, codes, width), WIDTH=width, KIND=kind)
        return super().__new__(mcs, name, (row, Record), body)


class Record(metaclass=RecordMeta):
    """Base of all records: an immutable tuple that packs to `WIDTH` bytes."""

    __slots__ = ()
    LAYOUT: ClassVar[Layout]
    WIDTH: ClassVar[int] = 0
    KIND: ClassVar[int]

    def pack(self) -> bytes:
        """The record as `WIDTH` bytes. Raises struct.error when a value does not fit its field."""
        return self.LAYOUT.struct.pack(*self)  # type: ignore[misc]

    @classmethod
    def unpack(cls, data: bytes | memoryview, offset: int = 0) -> Self:
        """Read one record at `offset`; texts lose their zero padding."""
        values: Any = cls.LAYOUT.struct.unpack_from(data, offset)
        if cls.LAYOUT.texts:
            values = list(values)
            for i in cls.LAYOUT.texts:
                values[i] = values[i].rstrip(b"\0")
        return cls._make(values)  # type: ignore[attr-defined,no-any-return]

    def replace(self, **changes: Any) -> Self:
        return self._replace(**changes)  # type: ignore[attr-defined,no-any-return]

    def as_dict(self) -> dict[str, Any]:
        return dict(zip(self._fields, self, strict=True))  # type: ignore[attr-defined,call-overload]
