"""A stage for tests of batches: what it does is told by the first sample of the file."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.contract import Context, Progress, Quantity, Suggestion, setting
from assistant.errors import MaterialError
from assistant.material import Audio

takes = (Audio,)
draws = True

CRASH, REFUSE, BUG = 0.5, 0.25, 0.125


@dataclass(frozen=True)
class Settings:
    seconds: float = setting(0.0, "s", low=0.0, high=60.0, about="how long")
    guide: Audio | None = setting(None, accepts=(Audio,), about="a file more")


def suggest(
    audio: Audio, settings: Settings, context: Context, /
) -> Iterator[Progress | Suggestion]:
    yield Progress(0.1, "feeling")
    time.sleep(settings.seconds)
    first = float(audio.samples[0, 0])
    if first == CRASH:
        os.kill(os.getpid(), 9)
    if first == REFUSE:
        raise MaterialError("This cannot be worked on.")
    if first == BUG:
        raise ValueError("nobody thought of this")
    measured = {"integrated": Quantity(-20.0, -14.0, "LUFS"), "first": Quantity(None, first, "")}
    drawn = {"report": "<!doctype html><p>drawn</p>"} if context.report else {}
    for n in range(context.count):
        why = 'because "it" was <asked>, so'
        yield Suggestion(f"mood {n + 1}", why, {"main": audio, **drawn}, measured=measured)
