"""A stage for tests: does one thing that jobs must survive, or says one thing that words carry."""

from __future__ import annotations

import ctypes
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from types import NoneType

import numpy as np

from assistant.contract import Context, Move, Progress, Quantity, Suggestion, setting
from assistant.errors import MaterialError
from assistant.material import Audio, Note, Score, Temperament, Track

takes = (NoneType, Audio)
draws = True

DOINGS = ("answer", "nap", "native", "crash", "eat", "bug", "refuse", "moves", "notes", "half")


@dataclass(frozen=True)
class Settings:
    do: str = setting("answer", choices=DOINGS, about="what to do")
    seconds: float = setting(0.0, "s", low=0.0, high=600.0, about="how long")
    size: int = setting(1, low=0, high=100_000, about="how much")
    guide: Audio | None = setting(None, accepts=(Audio,), about="a file more")
    scl: Temperament | None = setting(None, accepts=(Temperament,), about="a tuning")


def suggest(
    audio: Audio | None, settings: Settings, context: Context, /
) -> Iterator[Progress | Suggestion]:
    """Do as told."""
    yield Progress(0.1, f"doing {settings.do}")
    for n in range(context.count):
        answer = _DOINGS[settings.do](audio, settings, n)
        drawn = {"report": f"<!doctype html><p>{answer.title}</p>"} if context.report else {}
        yield replace(answer, material={**answer.material, **drawn})
    yield Progress(1.0, "done")


def _answer(audio: Audio | None, settings: Settings, n: int) -> Suggestion:
    measured = {"size": Quantity(None, float(settings.size), "")}
    material = {"main": audio} if audio is not None else {}
    title = f"answer {n + 1}" + (f" in {settings.scl.name}" if settings.scl else "")
    return Suggestion(title, "because it was asked", dict(material), measured=measured)


def _nap(audio: Audio | None, settings: Settings, n: int) -> Suggestion:
    time.sleep(settings.seconds)
    return _answer(audio, settings, n)


def _native(audio: Audio | None, settings: Settings, n: int) -> Suggestion:
    """Sleep in native code that holds the GIL: no thread and no signal handler gets a turn."""
    ctypes.PyDLL(None).usleep(int(settings.seconds * 1e6))
    return _answer(audio, settings, n)


def _crash(audio: Audio | None, settings: Settings, n: int) -> Suggestion:
    os.kill(os.getpid(), 11)
    raise AssertionError("unreachable")


def _eat(audio: Audio | None, settings: Settings, n: int) -> Suggestion:
    eaten = np.ones((settings.size, 1 << 17))  # size MB
    return Suggestion(f"ate {eaten.nbytes >> 20} MB", "because it was asked")


def _bug(audio: Audio | None, settings: Settings, n: int) -> Suggestion:
    raise ValueError("nobody thought of this")


def _refuse(audio: Audio | None, settings: Settings, n: int) -> Suggestion:
    raise MaterialError("This cannot be worked on.")


def _moves(audio: Audio | None, settings: Settings, n: int) -> Suggestion:
    eq = (
        Move("bass", "eq.freq_hz", 80.0, "it rings there", group="eq1"),
        Move("bass", "eq.gain_db", -3.0, "it rings there", "change", group="eq1"),
    )
    down = Move("drums", "gain_db", -2.0, "they are loud", "change")
    return Suggestion("less bass", "it rings at 80 Hz", moves=(*eq, down))


def _notes(audio: Audio | None, settings: Settings, n: int) -> Suggestion:
    notes = tuple(Note(60.0 + i % 12, i * 0.5, 0.5) for i in range(settings.size))
    return Suggestion("notes", "because", {"main": Score((Track("keys", notes),))})


def _half(audio: Audio | None, settings: Settings, n: int) -> Suggestion:
    """Answer once, then sleep: what was said must outlive a kill."""
    if n:
        time.sleep(settings.seconds)
    return _answer(audio, settings, n)


_DOINGS = {
    "answer": _answer,
    "nap": _nap,
    "native": _native,
    "crash": _crash,
    "eat": _eat,
    "bug": _bug,
    "refuse": _refuse,
    "moves": _moves,
    "notes": _notes,
    "half": _half,
}
