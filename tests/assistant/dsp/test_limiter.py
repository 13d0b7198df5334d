from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.dsp import limiter
from assistant.dsp.envelope import CELLS_PER_SECOND, envelope
from assistant.dsp.limiter import apply_gain, gain_curve
from assistant.dsp.truepeak import peak_curve
from assistant.material import Samples
from assistant.steps import result
from tests.assistant.dsp.sounds import nasty, nasty_sounds

RATE = 44_100
LEVEL = 0.5


def zeros(shape: tuple[int, ...]) -> Samples:
    return np.zeros(shape, dtype=np.float32)


def curve(samples: Samples, rate: int = RATE, level: float = LEVEL) -> Samples:
    followed = result(envelope(samples, rate, zeros))
    knots = np.full(followed.peaks.shape, np.nan, dtype=np.float32)
    return result(gain_curve(followed, level, knots))[:]


def sine(hertz: float, seconds: float = 1.0, peak: float = 1.0) -> Samples:
    time = np.arange(int(seconds * RATE)) / RATE
    return (peak * np.sin(2.0 * np.pi * hertz * time))[None].astype(np.float32)


def click(frames: int, *places: int) -> Samples:
    made = zeros((1, frames))
    made[0, list(places)] = 1.0
    return made


@given(nasty_sounds(), st.floats(0.01, 1.0))
def test_no_peak_passes_the_level(sound: tuple[Samples, int], level: float) -> None:
    samples, rate = sound
    peaks = zeros((samples.shape[1],))
    peak_curve(samples, 16, peaks)
    assert (curve(samples, rate, level) * peaks).max() <= level * (1.0 + 1e-6)


@given(nasty_sounds(), st.floats(0.01, 1.0))
def test_the_gain_only_takes_away_and_never_closes(
    sound: tuple[Samples, int], level: float
) -> None:
    gain = curve(*sound, level)
    assert gain.max() <= 1.0
    assert gain.min() > 0.0


@given(nasty_sounds())
def test_under_the_level_nothing_changes(sound: tuple[Samples, int]) -> None:
    samples, rate = sound
    level = max(result(envelope(samples, rate, zeros)).peak, 1e-6)
    assert (curve(samples, rate, level) == 1.0).all()


@given(nasty_sounds(), st.floats(0.01, 0.5), st.floats(1.0, 4.0))
def test_louder_in_is_louder_out_at_every_sample(
    sound: tuple[Samples, int], level: float, louder: float
) -> None:
    samples, rate = sound
    quiet = curve(samples, rate, level)
    loud = curve(samples, rate, level / louder) * louder
    assert (loud >= quiet * (1.0 - 1e-5)).all()


@given(nasty_sounds(), st.floats(0.01, 1.0))
def test_the_stereo_image_stays(sound: tuple[Samples, int], level: float) -> None:
    samples, rate = sound
    out = np.empty_like(samples)
    result(apply_gain(samples, curve(samples, rate, level), 1.0, out))
    first, limited = samples.astype(np.float64), out.astype(np.float64)
    np.testing.assert_allclose(limited * first[0], limited[0] * first, rtol=1e-6, atol=1e-30)


@given(nasty_sounds())
def test_the_same_sound_gives_the_same_gain(sound: tuple[Samples, int]) -> None:
    assert curve(*sound).tobytes() == curve(*sound).tobytes()


def test_silence_asks_for_no_gain() -> None:
    assert (curve(zeros((2, 5000))) == 1.0).all()


def test_one_frame_is_held_too() -> None:
    assert curve(click(1, 0))[0] == pytest.approx(LEVEL, rel=0.01)


def test_the_gain_has_arrived_when_the_peak_does_and_is_over_as_soon_after() -> None:
    place = RATE // 2
    gain = curve(click(RATE, place))
    assert gain[place] == pytest.approx(LEVEL, rel=1e-5)
    touched = np.flatnonzero(gain < 1.0)
    before, after = place - touched[0], touched[-1] - place
    assert 0.03 * RATE < before < 0.04 * RATE
    assert abs(before - after) <= 2 * round(RATE / CELLS_PER_SECOND)
    assert gain[place - round(0.01 * RATE)] > 1.0 - 0.2 * LEVEL
    assert gain[place + round(0.01 * RATE)] > 1.0 - 0.2 * LEVEL


def test_the_gain_of_a_sound_played_backwards_is_the_same_backwards() -> None:
    samples = np.stack([nasty("noise", 40_000, 1), nasty("clicks", 40_000, 2)])
    turned = np.ascontiguousarray(samples[:, ::-1])
    gain, back = curve(samples), curve(turned)[::-1]
    energy = (samples**2).sum()
    moved = np.square(samples * (gain - back)).sum()
    assert moved < 1e-3 * energy


@pytest.mark.parametrize("hertz", [30.0, 41.0, 50.0, 60.0, 110.0, 997.0, 11_025.0])
def test_the_gain_stands_still_over_a_steady_tone(hertz: float) -> None:
    gain = curve(sine(hertz))[RATE // 4 : -RATE // 4]
    assert gain.max() - gain.min() < 2e-4


def test_what_comes_back_for_long_is_held_and_what_does_not_is_not() -> None:
    beats = np.arange(0, 30_000, 600)  # every 13.6 ms
    long, short = (curve(click(RATE, *(5000 + beats[:n]))) for n in (len(beats), 4))
    assert long[10_000:30_000].max() == pytest.approx(LEVEL, rel=1e-5)
    assert short[5000:7000].max() > LEVEL + 0.1


def test_under_a_note_with_a_drum_on_it_the_gain_goes_back_to_what_the_note_asks_for() -> None:
    samples = sine(55.0, peak=0.8) + 1.6 * click(RATE, RATE // 2)
    gain = curve(samples)
    assert gain[RATE // 2] < 0.35
    assert gain[RATE // 4] == pytest.approx(LEVEL / 0.8, rel=1e-3)
    assert gain[RATE * 3 // 4] == pytest.approx(LEVEL / 0.8, rel=1e-3)


def test_two_clicks_far_apart_are_held_apart_and_close_ones_together() -> None:
    near, far = (curve(click(RATE, 20_000, 20_000 + gap)) for gap in (150, 4000))
    assert near[20_000:20_150].max() == pytest.approx(LEVEL, rel=1e-5)
    assert far[20_000:24_000].max() == 1.0


@pytest.mark.parametrize("rate", [8_000, 44_100, 192_000])
def test_times_are_the_same_at_every_rate(rate: int) -> None:
    gain = curve(click(rate, rate // 2), rate)
    assert (gain < 0.99).sum() / rate == pytest.approx(0.0415, abs=0.0008)


def test_blocks_leave_no_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    samples = np.stack([nasty("noise", 30_000, 3), nasty("steps", 30_000, 4)])
    whole = curve(samples)
    monkeypatch.setattr(limiter, "BLOCK_CELLS", 100)
    np.testing.assert_allclose(curve(samples), whole, rtol=1e-6)


def test_frames_first_and_read_only_sounds_are_taken() -> None:
    samples = np.stack([nasty("noise", 3000, 5), nasty("square", 3000, 6)])
    other = np.asfortranarray(samples)
    other.flags.writeable = False
    assert (curve(other) == curve(samples)).all()
