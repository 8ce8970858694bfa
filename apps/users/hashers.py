"""Argon2id with the costs of the settings, and how many of them may run at once."""

from __future__ import annotations

import threading

from argon2.low_level import Type, hash_secret_raw
from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher

# Each hash holds its memory for its time: this many at once bound what a flood of logins may take.
TOGETHER_MAX = 4
hashing = threading.BoundedSemaphore(TOGETHER_MAX)


class Argon2idHasher(Argon2PasswordHasher):
    """Django's hasher; the lock of the interpreter is given up while it works."""

    time_cost = settings.ARGON2["time_cost"]
    memory_cost = settings.ARGON2["memory_cost"]
    parallelism = settings.ARGON2["parallelism"]


def stretch(text: str, salt: bytes) -> bytes:
    """32 bytes that are dear to compute from the text; equal for equal text and salt."""
    with hashing:
        return hash_secret_raw(
            text.encode(), salt, settings.ARGON2["time_cost"], settings.ARGON2["memory_cost"],
            settings.ARGON2["parallelism"], 32, Type.ID,
        )  # fmt: skip
