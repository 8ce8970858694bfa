"""Hostile bytes for the codec: records come out or CorruptRecordError, never anything else."""

from __future__ import annotations

from random import Random

from matcher.protocol.codec import (
    COMMAND_BYTES,
    COMMAND_KIND_AT,
    CorruptRecordError,
    decode_answer,
    decode_commands,
    decode_events,
    decode_levels,
)
from matcher.protocol.commands import COMMANDS
from matcher.protocol.views import AnswerHeader, QueryKind

ROUNDS = 60
SIZES = (0, 1, 31, 32, 33, 127, 128, 129, 256, 384, 1000)


def bombard(seed: int) -> None:
    """AssertionError when bytes of this seed are answered with another exception or read two ways."""
    random = Random(seed)
    for _ in range(ROUNDS):
        data = random.randbytes(random.choice(SIZES))
        for decode in (decode_commands, decode_events, decode_levels, decode_answer):
            _decoded(decode, data)
        _decoded(decode_answer, _answer(random))
        _repack(random)


def _decoded(decode: object, data: bytes) -> None:
    try:
        decode(data)  # type: ignore[operator]
    except CorruptRecordError:
        return
    except Exception as error:
        raise AssertionError(f"{decode.__name__}({data.hex()}): {error!r}") from error  # type: ignore[attr-defined]


def _answer(random: Random) -> bytes:
    """A header that promises more or less than follows."""
    header = AnswerHeader(
        kind=random.choice((*QueryKind, 0, 11, 255)),
        first_count=random.choice((0, 1, 2, 2**32 - 1)),
        second_count=random.choice((0, 1, 2**32 - 1)),
    )
    return header.pack() + random.randbytes(random.choice((0, 16, 96, 128, 192, 256)))


def _repack(random: Random) -> None:
    """What was read from any bytes is read the same from what it packs to."""
    raw = bytearray(random.randbytes(COMMAND_BYTES))
    raw[COMMAND_KIND_AT] = random.choice(list(COMMANDS))
    (command,) = decode_commands(bytes(raw))
    assert decode_commands(command.pack()) == [command], command
