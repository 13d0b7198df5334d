"""What was cut off is made up; what was not stays as it is."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.dsp import declip as module
from assistant.dsp.declip import declip
from assistant.dsp.walls import find_walls
from assistant.material import Audio, Samples
from assistant.steps import result

RATE = 22_050


def zeros(shape: tuple[int, ...]) -> Samples:
    return np.zeros(shape, np.float32)


def strings(seconds: float = 1.5) -> Samples:
    """Pluck four strings, one after the other."""
    dice = np.random.default_rng(3)
    time = np.arange(round(seconds * RATE)) / RATE
    made = np.zeros(time.size)
    for n, hertz in enumerate((110.0, 146.8, 196.0, 246.9)):
        after = np.maximum(time - 0.3 * n, 0.0)
        for order in range(1, 12):
            turns = 2.0 * np.pi * order * hertz * after + dice.uniform(0.0, 6.0)
            made += np.sin(turns) * np.exp(-order * after) * (after > 0.0) / order
    return np.asarray(made / np.abs(made).max(), dtype=np.float32)


def mended(samples: Samples, rate: int = RATE) -> Samples:
    audio = Audio(np.atleast_2d(samples), rate)
    return result(declip(audio, result(find_walls(audio)), zeros)).samples


def error_db(clean: Samples, made: Samples) -> float:
    return float(10.0 * np.log10(np.square(made - clean).sum() / np.square(clean).sum()))


@pytest.mark.parametrize(("over_db", "least_db"), [(3.0, 15.0), (6.0, 12.0), (12.0, 10.0)])
def test_it_comes_closer_to_what_was_played(over_db: float, least_db: float) -> None:
    clean = strings()
    level = 10.0 ** (-over_db / 20.0)
    cut = np.clip(clean, -level, level)
    assert error_db(clean, cut) - error_db(clean, mended(cut)) > least_db


def test_one_side_is_mended_and_the_other_left() -> None:
    clean = strings()
    cut = np.minimum(clean, 0.4)
    made = mended(cut)[0]
    assert np.array_equal(made[clean < 0.39], clean[clean < 0.39])
    assert error_db(clean, cut) - error_db(clean, made) > 12.0


def test_what_is_whole_is_the_same_bit_for_bit_and_the_rest_is_beyond_the_wall() -> None:
    cut = np.stack([np.clip(strings(), -0.3, 0.3), 0.2 * strings()])
    made = mended(cut)
    whole = np.abs(cut[0]) < 0.29
    assert np.array_equal(made[0, whole], cut[0, whole])
    assert np.array_equal(made[1], cut[1])
    assert (np.abs(made[0, ~whole]) >= 0.29).all()
    assert np.abs(made).max() > 0.6


def test_without_walls_it_is_the_sound_itself() -> None:
    audio = Audio(strings()[None], RATE)
    assert result(declip(audio, None, zeros)) is audio


def test_how_loud_it_is_does_not_matter() -> None:
    clean = strings()
    cut = np.clip(clean, -0.25, 0.25)
    loud_db, quiet_db = error_db(clean, mended(cut)), error_db(0.1 * clean, mended(0.1 * cut))
    assert quiet_db == pytest.approx(loud_db, abs=1.0)


def test_twice_is_the_same_bit_for_bit() -> None:
    cut = np.clip(strings(), -0.25, 0.25)
    assert np.array_equal(mended(cut), mended(cut))


def test_stretches_do_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    clean = strings(3.0)
    cut = np.clip(clean, -0.25, 0.25)
    monkeypatch.setattr(module, "STRETCH_FRAMES", 1 << 14)
    made = mended(cut)
    assert error_db(clean, cut) - error_db(clean, made) > 10.0
    for at in range(1 << 14, clean.size, 1 << 14):  # no jump where one ends
        assert np.abs(np.diff(made[0, at - 200 : at + 200])).max() < 0.2


@pytest.mark.parametrize("rate", [8_000, 96_000, 192_000])
def test_any_rate_will_do(rate: int) -> None:
    clean = strings()
    made = mended(np.clip(clean, -0.5, 0.5), rate)
    assert error_db(clean, made) < error_db(clean, np.clip(clean, -0.5, 0.5)) - 6.0


def test_progress_rises_to_one() -> None:
    audio = Audio(np.clip(strings(), -0.5, 0.5)[None].repeat(2, axis=0), RATE)
    steps = list(declip(audio, result(find_walls(audio)), zeros))
    assert steps == sorted(steps)
    assert steps[-1] == 1.0
