"""Tracks that wander, and tracks whose dynamics were taken away."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.dsp.compressor import Compressing, Compressor
from assistant.material import Session
from assistant.mixing.fault import Fault
from assistant.mixing.faults.dynamics import find_dynamics, flatness, wandering
from assistant.mixing.heard import hear
from assistant.mixing.rendering import render
from assistant.mixing.role_names import Role
from assistant.mixing.track import Track
from assistant.steps import result
from tests.assistant.mixing.played import (
    RATE,
    Row,
    notes,
    settings_for,
    strokes,
    track,
    words,
    zeros,
)

SECONDS = 18.0


def find(*tracks: Track) -> tuple[Fault, ...]:
    return result(find_dynamics(tracks))


def wandered(sound: Row, by_db: float) -> Row:
    """Go from near to far and back, every second and a half."""
    steps = np.array([0.0, 1.0, 0.35, 0.7, 0.1, 0.9, 0.5, 0.2, 0.8, 0.05, 0.6, 1.0]) - 0.5
    per_frame = np.repeat(steps, round(1.5 * RATE))[: sound.size]
    return np.asarray(sound * 10.0 ** (by_db * per_frame / 20.0))


def squeezed(sound: Row, under_peak_db: float) -> Row:
    """Compress at 20:1 from so far under the peak on, 3 ms ahead, and make up for it."""
    threshold_db = 20.0 * np.log10(np.abs(sound).max()) - under_peak_db
    pair = np.stack([sound, sound])
    ahead = np.ascontiguousarray(np.roll(pair, -round(0.003 * RATE), axis=1))
    Compressing(Compressor(threshold_db, 20.0, 0.5, 80.0), RATE).run(pair, 0, ahead)
    return np.asarray(pair[0] * np.abs(sound).max() / np.abs(pair).max())


def kinds(faults: tuple[Fault, ...]) -> list[tuple[str, bool]]:
    return [(fault.kind, fault.is_taste) for fault in faults]


@pytest.mark.parametrize("role", [Role.LEAD_VOCAL, Role.GUITAR, Role.KEYS])
def test_what_is_well_played_is_left_alone(role: Role) -> None:
    sound = words(SECONDS, -10.0) if role is Role.LEAD_VOCAL else notes(SECONDS, 0.3)
    assert find(track(sound, role)) == ()


def test_a_drum_is_left_alone_also_where_it_is_one_sample() -> None:
    assert find(track(strokes(SECONDS), Role.KICK)) == ()
    assert find(track(strokes(SECONDS, spread_db=0.0), Role.KICK)) == ()


@pytest.mark.parametrize("by_db", [16.0, 24.0])
def test_a_voice_that_wanders_is_a_fault_and_its_cure_holds_it(by_db: float) -> None:
    one = track(wandered(words(SECONDS, -10.0), by_db), Role.LEAD_VOCAL)
    (fault,) = find(one)
    assert (fault.kind, fault.is_taste, fault.unit) == ("under_compression", False, "LU")
    assert 0.6 * by_db < fault.value < 1.2 * by_db
    made = result(render(Session((one.stem,)), fault.moves, zeros, tracks=True)).tracks[0]
    assert wandering(result(hear(made.audio))).spread < 0.6 * fault.value


def test_of_a_guitar_it_is_told_as_taste() -> None:
    (fault,) = find(track(wandered(notes(SECONDS, 0.3), 16.0), Role.GUITAR))
    assert (fault.kind, fault.is_taste) == ("under_compression", True)
    assert fault.moves


def test_a_voice_is_no_fault_where_its_role_is_a_guess() -> None:
    sound = wandered(words(SECONDS, -10.0), 16.0)
    (fault,) = find(track(sound, Role.LEAD_VOCAL, confidence=0.4))
    assert fault.is_taste


def test_a_song_that_grows_slowly_does_not_wander() -> None:
    growing = words(60.0, -10.0)
    growing *= 10.0 ** (np.linspace(-16.0, 0.0, growing.size) / 20.0)
    (fault,) = find(track(growing, Role.LEAD_VOCAL))
    assert (fault.kind, fault.is_taste) == ("under_compression", True)


def test_a_chord_that_dies_away_is_no_soft_phrase() -> None:
    sound = notes(24.0, 3.0, gap=7.0)
    assert wandering(track(sound, Role.GUITAR).heard).spread < 6.0


@pytest.mark.parametrize("gain", [0.01, 0.1])
def test_gain_does_not_matter(gain: float) -> None:
    sound = wandered(words(SECONDS, -10.0), 20.0)
    loud, soft = (track(level * sound, Role.LEAD_VOCAL) for level in (1.0, gain))
    assert wandering(soft.heard).spread == pytest.approx(wandering(loud.heard).spread, abs=0.5)
    assert flatness(soft.peaks).half_db == pytest.approx(flatness(loud.peaks).half_db, abs=0.1)


@pytest.mark.parametrize("under_peak_db", [18.0, 30.0])
def test_a_crushed_voice_is_a_fault_that_no_move_cures(under_peak_db: float) -> None:
    sound = squeezed(wandered(words(SECONDS, -10.0), 6.0), under_peak_db)
    (fault,) = find(track(sound, Role.LEAD_VOCAL))
    assert (fault.kind, fault.is_taste, fault.moves) == ("over_compression", False, ())
    assert "no move brings it back" in fault.why


def test_a_voice_that_is_compressed_with_measure_is_no_fault() -> None:
    one = track(words(SECONDS, -10.0), Role.LEAD_VOCAL)
    moves = settings_for(one, 6.0)
    made = result(render(Session((one.stem,)), moves, zeros, tracks=True)).tracks[0]
    held = track(made.audio.samples.astype(np.float64), Role.LEAD_VOCAL)
    assert flatness(held.peaks).half_db < flatness(one.peaks).half_db
    assert not [fault for fault in find(held) if not fault.is_taste]


@pytest.mark.parametrize("rate", [8_000, 192_000])
@pytest.mark.parametrize("seconds", [0.0, 0.001, 0.2])
@pytest.mark.parametrize("channels", [1, 6])
def test_next_to_nothing_is_judged_and_not_refused(
    rate: int, seconds: float, channels: int
) -> None:
    noise = 0.1 * np.random.default_rng(1).standard_normal((channels, round(seconds * rate)))
    assert find(track(noise, Role.LEAD_VOCAL, rate=rate)) == ()


def test_dynamics_grow_less_the_harder_it_is_compressed() -> None:
    sound = wandered(notes(SECONDS, 0.3), 6.0)
    squashed = [sound, *(squeezed(sound, under_db) for under_db in (6.0, 12.0, 24.0))]
    halves = [flatness(track(one, Role.GUITAR).peaks).half_db for one in squashed]
    assert halves == sorted(halves, reverse=True)
    assert halves[0] > 4.0 * halves[-1]


def test_a_drum_that_pumps_is_told_by_what_swells_up() -> None:
    (fault,) = find(track(squeezed(strokes(SECONDS), 30.0), Role.KICK))
    assert (fault.kind, fault.is_taste, fault.moves) == ("over_compression", True, ())
    assert fault.evidence["swells between strokes"].value > 6.0
    assert "swells up" in fault.why


def test_an_effect_that_is_flat_is_what_it_is() -> None:
    flat = squeezed(notes(SECONDS, 0.3), 30.0)
    assert kinds(find(track(flat, Role.GUITAR))) == [("over_compression", True)]
    assert find(track(flat, Role.FX)) == ()


def test_silence_and_a_single_stroke_tell_nothing() -> None:
    silent, single = np.zeros(2 * RATE), strokes(1.0)
    assert find(track(silent, Role.LEAD_VOCAL), track(single, Role.SNARE)) == ()
    assert wandering(track(silent, Role.BASS).heard).phrases == 0


def test_progress_rises_to_the_end() -> None:
    work = find_dynamics([track(strokes(2.0), Role.KICK)] * 3)
    assert list(work) == pytest.approx([1 / 3, 2 / 3, 1.0])
