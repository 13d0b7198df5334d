"""`assistant.dsp.live_pitch`: a voice in, the same voice on the notes out, a little later."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from assistant.dsp.live_pitch import LOWEST_HZ, LivePitch, Pull

RATE_HZ = 48_000
BLOCK = 256
SEMITONES = np.arange(24.0, 109.0)
A_MINOR = np.array(
    [pitch for pitch in range(24, 109) if pitch % 12 in {9, 11, 0, 2, 4, 5, 7}], "f8"
)

Sound = NDArray[np.float32]


def sung(pitch: NDArray[np.float64] | float, seconds: float = 1.0, rate: int = RATE_HZ) -> Sound:
    """Make a buzz with two formants at a pitch, or along a line of MIDI numbers."""
    frames = round(seconds * rate)
    line = np.interp(
        np.arange(frames), np.linspace(0, frames, np.size(pitch)), np.atleast_1d(pitch)
    )
    hz = 440.0 * 2.0 ** ((line - 69.0) / 12.0)
    phase = 2.0 * np.pi * np.cumsum(hz) / rate
    out = np.zeros(frames)
    for harmonic in range(1, int(min(7_000.0, 0.45 * rate) / hz.max()) + 1):
        at = harmonic * hz
        shape = np.exp(-(((at - 650.0) / 250.0) ** 2)) + 0.5 * np.exp(
            -(((at - 1_700.0) / 300.0) ** 2)
        )
        out += (shape + 0.15 / harmonic) * np.sin(harmonic * phase)
    return np.asarray(0.3 * out / np.abs(out).max(), dtype=np.float32)


def through(live: LivePitch, sound: Sound, block: int = BLOCK) -> Sound:
    edges = [*range(0, sound.size, block), sound.size]
    return np.concatenate([live.push(sound[a:b]) for a, b in pairwise(edges)])


def pitch_of(sound: Sound, near: float, rate: int = RATE_HZ) -> float:
    """Measure a steady pitch by the phase of its first harmonics."""
    size = 1 << 20
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(sound.size), size))
    hz = np.fft.rfftfreq(size, 1.0 / rate)
    wanted = 440.0 * 2.0 ** ((near - 69.0) / 12.0)
    found = []
    for harmonic in (1, 2, 3):
        around = np.abs(hz / (harmonic * wanted) - 1.0) < 0.07
        top = int(np.argmax(np.where(around, spectrum, 0.0)))
        found.append(69.0 + 12.0 * np.log2(hz[top] / harmonic / 440.0))
    return float(np.median(found))


@pytest.mark.parametrize("note", [43.0, 50.0, 57.0, 64.0, 71.0, 77.0])
@pytest.mark.parametrize("off", [-0.42, 0.35])
def test_a_note_that_is_off_comes_out_on_its_note(note: float, off: float) -> None:
    out = through(LivePitch(RATE_HZ, SEMITONES), sung(note + off))
    assert pitch_of(out[RATE_HZ // 3 :], note) == pytest.approx(note, abs=0.02)


@pytest.mark.parametrize("rate", [16_000, 22_050, 44_100, 96_000, 192_000])
def test_it_works_at_any_rate(rate: int) -> None:
    live = LivePitch(rate, SEMITONES)
    out = through(live, sung(57.3, rate=rate))
    assert pitch_of(out[rate // 3 :], 57.0, rate) == pytest.approx(57.0, abs=0.03)
    assert live.latency / rate == pytest.approx(2.0 / LOWEST_HZ, abs=0.0012)


def test_the_formants_stay() -> None:
    sound = sung(45.45, 2.0)
    out = through(LivePitch(RATE_HZ, np.array([48.0])), sound)
    edges_hz = np.array([200, 400, 650, 900, 1_300, 1_700, 2_200, 3_500])

    def levels(part: Sound) -> NDArray[np.float64]:
        power = np.abs(np.fft.rfft(part[-RATE_HZ:] * np.hanning(RATE_HZ))) ** 2
        return np.asarray(10.0 * np.log10(np.add.reduceat(power[:3_500], edges_hz[:-1])))

    assert pitch_of(out[RATE_HZ:], 48.0) == pytest.approx(48.0, abs=0.05)
    assert np.abs(levels(out) - levels(sung(48.0, 2.0))).max() < 1.0


def test_what_is_not_voiced_is_the_same_bit_for_bit_but_later() -> None:
    noise = np.random.default_rng(3).normal(0.0, 0.1, RATE_HZ).astype(np.float32)
    live = LivePitch(RATE_HZ, SEMITONES)
    out = through(live, noise)
    assert np.array_equal(out[live.latency :], noise[: -live.latency])
    assert not out[: live.latency].any()


@pytest.mark.parametrize("nothing", [{"strength": 0.0}, {"notes": np.zeros(0)}])
def test_nothing_to_do_gives_the_same_bit_for_bit_but_later(nothing: dict[str, object]) -> None:
    sound = sung(57.4)
    live = LivePitch(RATE_HZ, **{"notes": SEMITONES, **nothing})  # type: ignore[arg-type]
    out = through(live, sound)
    assert np.array_equal(out[live.latency :], sound[: -live.latency])


def test_before_and_after_a_note_there_is_silence() -> None:
    quiet = np.zeros(RATE_HZ // 2, dtype=np.float32)
    note = sung(57.4)
    sound = np.concatenate((quiet, note, quiet))
    live = LivePitch(RATE_HZ, SEMITONES)
    out = through(live, np.pad(sound, (0, live.latency)))[live.latency :]
    heard = np.flatnonzero(out)
    assert abs(heard[0] - quiet.size) <= 12  # what is read between samples is a little wider
    assert abs(heard[-1] - (sound.size - quiet.size)) < 0.01 * RATE_HZ


@settings(deadline=None, max_examples=10)
@given(st.lists(st.integers(1, 9_000), min_size=1, max_size=6))
def test_the_blocks_do_not_matter(sizes: list[int]) -> None:
    noise = np.random.default_rng(1).normal(0.0, 0.05, RATE_HZ // 4).astype(np.float32)
    line = 57.3 + 0.4 * np.sin(np.linspace(0.0, 30.0, 200))
    sound = np.concatenate((noise, sung(line), noise, sung(62.6, 0.4)))
    edges = [0]
    while edges[-1] < sound.size:
        edges.append(min(edges[-1] + sizes[len(edges) % len(sizes)], sound.size))
    live = LivePitch(RATE_HZ, A_MINOR)
    parts = [live.push(sound[a:b]) for a, b in pairwise(edges)]
    assert np.array_equal(np.concatenate(parts), through(LivePitch(RATE_HZ, A_MINOR), sound))


def test_the_lower_the_voice_the_later() -> None:
    latencies = [LivePitch(RATE_HZ, SEMITONES, lowest_hz=hz).latency for hz in (60.0, 80.0, 160.0)]
    assert latencies == sorted(latencies, reverse=True)
    assert latencies[1] < 0.026 * RATE_HZ


def test_it_makes_no_clicks_where_a_note_begins_and_ends() -> None:
    """Steps from sample to sample stay as small as those of the voice itself."""
    fade = np.minimum(1.0, np.linspace(0.0, 20.0, RATE_HZ)).astype(np.float32)
    sound = np.concatenate([sung(pitch) * fade * fade[::-1] for pitch in (57.4, 52.7, 64.4)])
    out = through(LivePitch(RATE_HZ, SEMITONES), sound)
    assert np.abs(np.diff(out)).max() < 1.3 * np.abs(np.diff(sound)).max()


def test_what_is_not_a_number_does_no_lasting_harm() -> None:
    live = LivePitch(RATE_HZ, SEMITONES)
    live.push(np.full(BLOCK, np.nan, dtype=np.float32))
    live.push(np.full(BLOCK, np.inf, dtype=np.float32))
    out = through(live, sung(57.4, 2.0))[RATE_HZ:]
    assert pitch_of(out, 57.0) == pytest.approx(57.0, abs=0.02)


def test_half_the_strength_goes_half_the_way() -> None:
    out = through(LivePitch(RATE_HZ, SEMITONES, strength=50.0), sung(57.4))
    assert pitch_of(out[RATE_HZ // 3 :], 57.0) == pytest.approx(57.2, abs=0.02)


def test_the_nearest_note_of_the_scale_is_taken() -> None:
    pull = Pull(A_MINOR, 100.0, 0.0)
    assert pull.semitones(58.6) == pytest.approx(0.4)  # Bb is not of it
    pull.let_go()
    assert pull.semitones(57.9) == pytest.approx(-0.9)


def test_a_waver_between_two_notes_does_not_tear_them() -> None:
    pull = Pull(SEMITONES, 100.0, 0.0)
    line = 57.45 + 0.1 * np.sin(np.linspace(0.0, 40.0, 400))
    meant = {round(pitch + pull.semitones(pitch), 6) for pitch in line}
    assert meant == {57.0}


def test_a_step_to_another_note_is_followed() -> None:
    pull = Pull(SEMITONES, 100.0, 0.0)
    assert pull.semitones(57.2) == pytest.approx(-0.2)
    assert pull.semitones(58.9) == pytest.approx(0.1)


def test_a_slow_pull_leaves_vibrato_and_a_fast_one_does_not() -> None:
    line = 57.2 + 0.4 * np.sin(2.0 * np.pi * 5.5 * np.arange(400) / 200.0)

    def left(speed_ms: float) -> float:
        pull = Pull(np.array([57.0]), 100.0, speed_ms)
        after = np.array([pitch + pull.semitones(pitch) for pitch in line])[200:]
        return float(np.ptp(after) / np.ptp(line))

    assert left(0.0) < 1e-6
    assert 0.5 < left(30.0) < 0.85
    assert left(200.0) > 0.95


def test_the_pull_takes_as_long_as_it_is_told() -> None:
    pull = Pull(np.array([57.0]), 100.0, 50.0)
    moved = np.array([pull.semitones(57.4) for _ in range(40)])
    assert moved[9] == pytest.approx(-0.4 * (1.0 - np.exp(-1.0)))  # after 50 ms
    assert moved[-1] == pytest.approx(-0.4, abs=0.01)
