"""Clicks go, and hits stay."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.dsp import clicks as module
from assistant.dsp.clicks import Clicks, declick, find_clicks
from assistant.material import Audio, Samples
from assistant.steps import result

RATE = 44_100
FRAMES = 2 * RATE
TIME = np.arange(FRAMES) / RATE


def zeros(shape: tuple[int, ...]) -> Samples:
    return np.zeros(shape, np.float32)


def strings(frames: int = FRAMES) -> Samples:
    """Play a chord on strings, with some breath."""
    dice, time = np.random.default_rng(5), np.arange(frames) / RATE
    made = 0.001 * dice.standard_normal(frames)
    for hertz in (196.0, 246.9, 293.7):
        for order in range(1, 9):
            turns = 2.0 * np.pi * order * hertz * time + dice.uniform(0.0, 6.0)
            made += 0.1 * np.sin(turns) * (1.0 + 0.2 * np.sin(5.0 * time + order)) / order
    return np.asarray(made, dtype=np.float32)


def crackle(count: int, longest: int = 60) -> Samples:
    """Scratch so often: bursts of samples that die away."""
    dice = np.random.default_rng(7)
    made = np.zeros(FRAMES)
    for first in np.sort(dice.choice(np.arange(3000, FRAMES - 3000, 400), count, replace=False)):
        long = int(dice.integers(1, longest + 1))
        burst = dice.standard_normal(long) * np.exp(-4.0 * np.arange(long) / long)
        made[first : first + long] += dice.uniform(0.05, 0.6) * burst / np.abs(burst).max()
    return np.asarray(made, dtype=np.float32)


def found(samples: NDArray[np.floating], rate: int = RATE) -> Clicks | None:
    return result(find_clicks(Audio(np.atleast_2d(samples).astype(np.float32), rate)))


def mended(samples: Samples, rate: int = RATE) -> Samples:
    audio = Audio(np.atleast_2d(samples), rate)
    return result(declick(audio, result(find_clicks(audio)), zeros)).samples


def error_db(clean: Samples, made: Samples) -> float:
    return float(10.0 * np.log10(np.square(made - clean).sum() / np.square(clean).sum()))


def test_crackle_is_found_and_taken_out() -> None:
    clean, noisy = strings(), strings() + crackle(30)
    clicks = found(noisy)
    assert clicks is not None
    assert 24 <= clicks.count <= 32
    assert clicks.certain >= 20
    assert error_db(clean, noisy) - error_db(clean, mended(noisy)) > 14.0


def test_places_are_where_the_clicks_are() -> None:
    added = crackle(10)
    clicks = found(strings() + added)
    assert clicks is not None
    for start, end in clicks.places:
        assert np.abs(added[round(start * RATE) : round(end * RATE)]).max() > 0.0


def test_what_lies_outside_is_the_same_bit_for_bit() -> None:
    added = crackle(20)
    noisy = strings() + added
    changed = np.flatnonzero(mended(noisy)[0] != noisy)
    near = np.convolve(added != 0.0, np.ones(41), "same") > 0.0
    assert changed.size > 100
    assert near[changed].all()


@pytest.mark.parametrize("long", [1, 2, 5, 20, 60])
def test_one_click_is_found_however_long(long: int) -> None:
    clean = strings()
    noisy = clean.copy()
    after = np.arange(long)
    noisy[RATE : RATE + long] += 0.4 * np.exp(-3.0 * after / long) * np.cos(2.0 * after)
    clicks = found(noisy)
    assert clicks is not None
    assert clicks.count == 1
    assert error_db(clean, noisy) - error_db(clean, mended(noisy)) > 15.0


def hits(decay_s: float, hertz: float) -> Samples:
    """Strike something twice a second; each is as sudden as a click, and rings."""
    dice, made = np.random.default_rng(9), 1e-4 * np.random.default_rng(8).standard_normal(FRAMES)
    for first in range(5000, FRAMES - 20_000, RATE // 2):
        after = np.arange(round(8.0 * decay_s * RATE))
        ring = np.sin(2.0 * np.pi * hertz * after / RATE) + 0.3 * dice.standard_normal(after.size)
        made[first : first + after.size] += 0.6 * np.exp(-after / decay_s / RATE) * ring
    return np.asarray(made, dtype=np.float32)


MUSIC = {
    "strings": strings(),
    "drums": hits(0.05, 180.0),
    "claves": hits(0.006, 2500.0),
    "hats": hits(0.03, 9000.0),
    "a square wave": 0.7 * np.sign(np.sin(2.0 * np.pi * 221.3 * TIME)),
    "a saw": 1.4 * (TIME * 221.3 % 1.0) - 0.7,
    "pulses": 0.7 * (TIME * 331.7 % 1.0 < 0.1),
    "frequency modulation": 0.7 * np.sin(1390.0 * TIME + 8.0 * np.sin(1960.0 * TIME)),
    "saturation": np.tanh(30.0 * strings()),
    "a metronome": np.where(np.arange(FRAMES) % 11_025 == 600, 0.8, 0.0),
    "an edge": np.where(TIME > 1.0, 0.3, 0.0),
    "noise": 0.2 * np.random.default_rng(4).standard_normal(FRAMES),
    "silence": np.zeros(FRAMES),
    "the last bit": np.where(np.arange(FRAMES) % 997 == 0, 2.0**-15, 0.0),
}


@pytest.mark.parametrize("name", MUSIC)
def test_music_does_not_click(name: str) -> None:
    assert found(MUSIC[name]) is None


def test_one_loud_click_among_drums_is_found_and_the_drums_stay() -> None:
    clean = hits(0.05, 180.0)
    noisy = clean.copy()
    noisy[40_000:40_006] += np.array([0.5, -0.4, 0.3, -0.2, 0.1, -0.05], np.float32)
    clicks = found(noisy)
    assert clicks is not None
    assert clicks.count == clicks.certain == 1
    (start, end), *others = clicks.places
    assert not others
    assert round(start * RATE) <= 40_000 < round(end * RATE)
    changed = np.flatnonzero(mended(noisy)[0] != noisy)
    assert np.abs(changed - 40_000).max() < 40


def test_without_clicks_it_is_the_sound_itself() -> None:
    audio = Audio(strings()[None], RATE)
    assert result(declick(audio, None, zeros)) is audio


@pytest.mark.parametrize("frames", [0, 1, 40, 300, 2000])
def test_short_sounds_are_left_alone(frames: int) -> None:
    assert found(strings()[:frames]) is None


def test_channels_are_mended_each_for_itself() -> None:
    noisy = np.stack([strings() + crackle(20), 0.5 * strings(), np.zeros(FRAMES, np.float32)])
    made = mended(noisy)
    assert np.array_equal(made[0], mended(noisy[:1])[0])
    assert np.array_equal(made[1:], noisy[1:])


def test_what_is_in_two_channels_at_once_is_one_click(monkeypatch: pytest.MonkeyPatch) -> None:
    row = strings() + crackle(30)
    for frames in (1 << 16, 7000):
        monkeypatch.setattr(module, "BLOCK_FRAMES", frames)
        alone, twins = found(row), found(np.stack([row, row]))
        assert alone is not None
        assert twins is not None
        assert (twins.count, twins.certain) == (alone.count, alone.certain)
        assert twins.places == alone.places


def test_clicks_of_two_channels_at_other_times_are_told_in_order() -> None:
    left, right = crackle(20), np.roll(crackle(20), 200)
    apart, one = found(np.stack([strings() + left, strings() + right])), found(strings() + left)
    assert apart is not None
    assert one is not None
    assert apart.count > 1.8 * one.count
    assert list(apart.places) == sorted(apart.places)


@pytest.mark.parametrize("rate", [8_000, 22_050, 96_000])
def test_any_rate_will_do(rate: int) -> None:
    clean, noisy = strings(), strings() + crackle(20, longest=max(12, rate // 800))
    assert error_db(clean, noisy) - error_db(clean, mended(noisy, rate)) > 10.0


def test_blocks_hardly_show(monkeypatch: pytest.MonkeyPatch) -> None:
    clean, noisy = strings(), strings() + crackle(30)
    whole = found(noisy)
    monkeypatch.setattr(module, "BLOCK_FRAMES", 7000)
    parts = found(noisy)
    assert whole is not None
    assert parts is not None
    assert parts.count == pytest.approx(whole.count, abs=2)
    assert error_db(clean, noisy) - error_db(clean, mended(noisy)) > 14.0


def test_twice_is_the_same_bit_for_bit() -> None:
    noisy = strings() + crackle(20)
    assert np.array_equal(mended(noisy), mended(noisy))


def test_progress_rises_to_one() -> None:
    audio = Audio((strings() + crackle(20))[None].repeat(2, axis=0), RATE)
    for work in (find_clicks(audio), declick(audio, Clicks(20, 20, 1.2, ()), zeros)):
        steps = list(work)
        assert steps == sorted(steps)
        assert steps[-1] == 1.0
