"""Silence for a C library that writes to standard error whatever it is told."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["hushed"]

_STDERR = 2


@contextmanager
def hushed() -> Iterator[None]:
    """Throw away what is written to standard error meanwhile, by the whole process.

    mpg123 notes each oddity of a damaged MP3 there; our own sentence about it should stand alone.
    """
    try:
        kept = os.dup(_STDERR)
    except OSError:  # there is no standard error
        yield
        return
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, _STDERR)
        os.close(nowhere)
        yield
    finally:
        os.dup2(kept, _STDERR)
        os.close(kept)
