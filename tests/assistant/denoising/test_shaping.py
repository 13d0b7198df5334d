"""What is too sharp, bursts, or is the room, in a voice."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import numpy as np
import pytest

from assistant.denoising import shaping
from assistant.denoising.material_class import Class
from assistant.denoising.shaping import Shaped, shape
from assistant.dsp.mouth import Burst
from assistant.dsp.plosives import Plosives
from assistant.dsp.sibilance import Sibilance
from assistant.material import Audio, Samples

RATE = 8000
TAKE = Audio(np.ones((1, RATE), np.float32), RATE)
BURSTS = (Burst(800, 1600, 3.0),)


def zeros(shape: tuple[int, ...]) -> Samples:
    return np.zeros(shape, np.float32)


@pytest.fixture(autouse=True)
def dull_ears(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hear a room of a second, one p and one s, each of which a treatment halves."""

    def hears(found: object) -> Any:
        def find(_: Audio) -> Generator[float, None, object]:
            yield 1.0
            return found

        return find

    def halves(audio: Audio, *_: object) -> Generator[float, None, Audio]:
        yield 1.0
        return Audio(audio.samples * np.float32(0.5), audio.rate)

    monkeypatch.setattr(shaping, "decay_seconds", hears(1.0))
    monkeypatch.setattr(shaping, "find_plosives", hears(Plosives(BURSTS, 3.0, 0.5)))
    monkeypatch.setattr(shaping, "find_sibilance", hears(Sibilance(BURSTS, 4000.0, 1.0, 0.5)))
    for name in ("without_reverb", "without_plosives", "without_sibilance"):
        monkeypatch.setattr(shaping, name, halves)


def shaped(
    class_: Class = "speech", noise: Audio | None = None, **shares: float
) -> tuple[list[float], Shaped]:
    wanted = {"deess": 0.0, "deplosive": 0.0, "dereverb": 0.0, **shares}
    work, done = shape(TAKE, noise, class_, wanted, zeros), list[float]()
    while True:
        try:
            done.append(next(work))
        except StopIteration as stop:
            return done, stop.value


@pytest.mark.parametrize("class_", ["instrument", "mix"])
def test_other_than_voices_are_left_alone(class_: Class) -> None:
    assert shaped(class_, deess=1.0, deplosive=1.0, dereverb=1.0)[1] == (None, ())


def test_each_is_done_only_where_it_is_wanted() -> None:
    kinds = {"deess": "sibilance", "deplosive": "plosives", "dereverb": "reverberation"}
    for name, kind in kinds.items():
        wanted: dict[str, Any] = {name: 1.0}
        _, made = shaped(**wanted)
        assert made.taken is not None
        assert np.allclose(made.taken.samples, 0.5)
        assert kind in [one.kind for one in made.findings]


def test_a_room_is_told_also_where_it_stays() -> None:
    _, made = shaped()
    assert made.taken is None
    assert [one.kind for one in made.findings] == ["reverberation"]


def test_they_are_told_in_order_and_taken_one_after_the_other() -> None:
    done, made = shaped("singing", deess=1.0, deplosive=1.0, dereverb=0.5)
    assert [one.kind for one in made.findings] == ["reverberation", "plosives", "sibilance"]
    assert made.taken is not None
    assert np.allclose(made.taken.samples, 1.0 - 0.75 * 0.5 * 0.5)
    assert done == sorted(done)
    assert done[-1] == 1.0


def test_noise_is_not_looked_at() -> None:
    noise = Audio(np.full_like(TAKE.samples, 0.2), RATE)
    _, made = shaped(noise=noise, deess=1.0)
    assert made.taken is not None
    assert np.allclose(made.taken.samples, 0.5 * 0.8)
