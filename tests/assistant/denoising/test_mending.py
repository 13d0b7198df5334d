"""Repairs in their order, each only where its fault was found."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import numpy as np

from assistant.contract import Progress
from assistant.denoising.findings import Finding
from assistant.denoising.mending import Mended, Repair, mend
from assistant.material import Audio, Samples, Scratch

TAKE = Audio(np.ones((1, 100), np.float32), 8000)


def zeros(shape: tuple[int, ...]) -> Samples:
    return np.zeros(shape, np.float32)


def repair(name: str, factor: float | None, amount: float = 1.0) -> Repair:
    def find(audio: Audio) -> Generator[float, None, float | None]:
        assert amount > 0.0
        yield 1.0
        return factor

    def treat(audio: Audio, found: Any, scratch: Scratch) -> Generator[float, None, Audio]:
        yield 0.5
        return Audio(audio.samples * np.float32(found), audio.rate)

    def tell(audio: Audio, found: Any) -> Finding:
        return Finding("clicks", (), float(audio.samples[0, 0]), name, 1.0, name)

    return Repair(f"looking for {name}", f"mending {name}", find, treat, tell, amount, 1.0)


def done(*repairs: Repair) -> tuple[list[Progress], Mended]:
    work, told = mend(TAKE, repairs, 0.2, 0.6, zeros), list[Progress]()
    while True:
        try:
            told.append(next(work))
        except StopIteration as stop:
            return told, stop.value


def test_each_repair_hears_what_went_before_it_undone() -> None:
    told, made = done(repair("a", 2.0), repair("b", None), repair("c", 5.0, 0.5))
    assert (made.audio.samples == 6.0).all()
    assert [(one.unit, one.strength) for one in made.findings] == [("a", 1.0), ("c", 2.0)]
    fractions = [one.fraction for one in told]
    assert fractions == sorted(fractions)
    assert 0.2 <= fractions[0] <= fractions[-1] <= 0.8
    assert "mending b" not in {one.doing for one in told}


def test_nothing_found_gives_the_take_itself() -> None:
    assert done(repair("a", None), repair("b", 2.0, 0.0))[1].audio is TAKE
