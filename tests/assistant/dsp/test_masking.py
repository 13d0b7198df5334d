from __future__ import annotations

import numpy as np
import pytest

from assistant.dsp.ear import BAND_HZ, BANDS, COMPONENTS, Curve
from assistant.dsp.excitation import EARS, Powers, powers_at_ears
from assistant.dsp.masking import LISTENING_DB_SPL, NOBODY, Masking, listening_gain, masking
from assistant.dsp.partial_loudness import sones
from assistant.errors import MaterialError
from assistant.material import Samples
from assistant.steps import result
from tests.assistant.dsp.ear_sounds import flat_noise, tones

MIX_LUFS = -14.0
FULL_SCALE = 1.0 / listening_gain(MIX_LUFS)


def tracks(*powers: Curve) -> Powers:
    """Set sounds, in power at the head, beside each other, to both ears in one window."""
    rows = np.concatenate(powers) * FULL_SCALE
    return np.repeat(rows[:, None, None], EARS, axis=1).astype(np.float32)


def heard(powers: Powers, mix_lufs: float = MIX_LUFS) -> Masking:
    return result(masking(powers, mix_lufs))


VOICE = tones([400, 800, 1200, 1600, 2000], 55.0)
GUITAR = flat_noise(300.0, 2500.0, 35.0)
CYMBALS = flat_noise(6000.0, 12_000.0, 20.0)
NOTHING = np.zeros((1, COMPONENTS))


def test_a_mix_is_heard_at_the_listening_level() -> None:
    """A tone of 1 kHz, alike on both channels, has about the loudness of its power in LUFS."""
    left_power = 10.0 ** (-23.0 / 10.0)
    at_the_ear = left_power * listening_gain(-20.0)
    assert 10.0 * np.log10(at_the_ear) == pytest.approx(LISTENING_DB_SPL, abs=0.05)


@pytest.mark.parametrize("lufs", [float("nan"), float("inf")])
def test_a_loudness_that_is_none_is_refused(lufs: float) -> None:
    with pytest.raises(MaterialError, match="LUFS"):
        heard(tracks(VOICE), lufs)


def test_one_track_loses_nothing() -> None:
    found = heard(tracks(VOICE))
    assert found.alone.shape == (1, 1, BANDS)
    np.testing.assert_allclose(found.heard, found.alone, rtol=1e-6)
    assert found.lost_share[0] == pytest.approx(0.0, abs=1e-6)
    assert np.all(found.masker == NOBODY)


def test_a_track_loses_to_the_one_in_its_place() -> None:
    found = heard(tracks(VOICE, GUITAR, CYMBALS))
    assert found.lost_share[0] > 0.3
    assert found.taken[0, 1, 0] > 20.0 * found.taken[0, 2, 0]
    assert found.lost_share[2] < 0.1
    middle = (BAND_HZ > 300.0) & (BAND_HZ < 2500.0)
    assert np.all(found.masker[0, 0, middle] == 1)
    lost_there = found.taken_bands[0, 1, middle].sum()
    assert lost_there > 0.7 * found.taken_bands[0, 1].sum()


def test_what_the_others_take_is_what_is_lost() -> None:
    found = heard(tracks(VOICE, GUITAR, CYMBALS))
    np.testing.assert_allclose(
        found.taken.sum(axis=1), sones(found.lost.astype(np.float64)), rtol=1e-4, atol=1e-6
    )
    np.testing.assert_allclose(
        found.taken_bands.sum(axis=1), found.lost.mean(axis=1), rtol=1e-3, atol=1e-6
    )
    assert not found.taken[range(3), range(3)].any()


def test_a_masker_in_two_halves_takes_as_much_as_in_one_piece() -> None:
    whole = heard(tracks(VOICE, GUITAR, CYMBALS))
    halves = heard(tracks(VOICE, 0.5 * GUITAR, CYMBALS, 0.5 * GUITAR))
    np.testing.assert_allclose(halves.heard[0], whole.heard[0], rtol=1e-4, atol=1e-7)
    np.testing.assert_allclose(
        halves.taken[0, 1] + halves.taken[0, 3], whole.taken[0, 1], rtol=1e-4
    )


def test_a_louder_masker_takes_more_and_a_louder_track_loses_less() -> None:
    plain, masker_up, track_up = (
        heard(tracks(voice * VOICE, guitar * GUITAR)).lost_share[0]
        for voice, guitar in ((1.0, 1.0), (1.0, 4.0), (4.0, 1.0))
    )
    assert track_up < plain < masker_up


def test_another_order_of_tracks_is_another_order_of_results() -> None:
    one, other = heard(tracks(VOICE, GUITAR, CYMBALS)), heard(tracks(CYMBALS, VOICE, GUITAR))
    moved = [1, 2, 0]
    np.testing.assert_allclose(other.heard[moved], one.heard, rtol=1e-5, atol=1e-8)
    np.testing.assert_allclose(other.taken[np.ix_(moved, moved)], one.taken, rtol=1e-4, atol=1e-7)


def test_a_track_on_the_other_ear_takes_nothing() -> None:
    powers = tracks(VOICE, GUITAR)
    powers[0, 1] = powers[1, 0] = 0.0
    apart, together = heard(powers), heard(tracks(VOICE, GUITAR))
    np.testing.assert_allclose(apart.lost_share, 0.0, atol=1e-6)
    assert together.lost_share[0] > 0.3
    assert 0.4 < apart.alone[0].sum() / together.alone[0].sum() < 0.6
    assert 0.4 < apart.alone[1].sum() / together.alone[1].sum() < 0.6


def test_silence_neither_takes_nor_loses() -> None:
    found = heard(tracks(VOICE, NOTHING))
    assert not found.alone[1].any()
    assert not found.taken.any()
    assert found.lost_share[1] == 0.0
    assert np.all(found.masker[1] == NOBODY)


def test_a_silent_session_is_nothing() -> None:
    found = heard(tracks(NOTHING, NOTHING), -np.inf)
    assert not found.alone.any()
    assert not found.lost_share.any()


def test_windows_do_not_depend_on_each_other() -> None:
    first, second = tracks(VOICE, GUITAR, CYMBALS), tracks(GUITAR, NOTHING, VOICE)
    both = heard(np.concatenate([first, second], axis=2))
    for n, one in enumerate((heard(first), heard(second))):
        np.testing.assert_array_equal(both.heard[:, n], one.heard[:, 0])
        np.testing.assert_array_equal(both.masker[:, n], one.masker[:, 0])
        np.testing.assert_array_equal(both.taken[:, :, n], one.taken[:, :, 0])
        np.testing.assert_allclose(both.lost_share_windows[:, n], one.lost_share)


def test_what_is_taken_in_bands_is_a_mean_over_windows() -> None:
    once = tracks(VOICE, GUITAR)
    twice = heard(np.concatenate([once, once], axis=2))
    np.testing.assert_allclose(twice.taken_bands, heard(once).taken_bands)


def test_shares_are_sums_over_what_is_left_out() -> None:
    found = heard(np.concatenate([tracks(VOICE, GUITAR), tracks(GUITAR, VOICE)], axis=2))
    lost = found.lost.sum(axis=(1, 2)) / found.alone.sum(axis=(1, 2))
    np.testing.assert_allclose(found.lost_share, lost, rtol=1e-5)
    assert found.lost_share_windows.shape == (2, 2)
    assert found.lost_share_bands.shape == (2, BANDS)


def _session(gain: float) -> tuple[Powers, float]:
    """Make three sounds, all turned up by a gain, and the loudness of their mix."""
    dice = np.random.default_rng(7)
    time = np.arange(96_000) / 48_000
    bass = 0.2 * np.sin(2.0 * np.pi * 80.0 * time)
    noise = 0.02 * dice.standard_normal((2, len(time)))
    chord = 0.05 * sum(np.sin(2.0 * np.pi * hertz * time) for hertz in (220.0, 277.0, 330.0))
    sounds: list[Samples] = [
        (gain * np.atleast_2d(sound)).astype(np.float32) for sound in (bass, noise, chord)
    ]
    starts = np.array([0, 20_000, 60_000])
    powers = np.stack([powers_at_ears(sound, 48_000, starts) for sound in sounds])
    return powers, -20.0 + 20.0 * float(np.log10(gain))


@pytest.mark.parametrize("gain", [0.01, 0.3, 4.0])
def test_the_gain_of_a_session_changes_nothing(gain: float) -> None:
    plain, turned = heard(*_session(1.0)), heard(*_session(gain))
    np.testing.assert_allclose(turned.alone, plain.alone, rtol=1e-3, atol=1e-6)
    np.testing.assert_allclose(turned.lost_share, plain.lost_share, rtol=1e-3)
    assert np.all(plain.lost_share > 0.0)


def test_the_same_twice_is_the_same() -> None:
    one, other = heard(*_session(1.0)), heard(*_session(1.0))
    np.testing.assert_array_equal(one.heard, other.heard)
    np.testing.assert_array_equal(one.taken, other.taken)


def test_progress_rises_to_one() -> None:
    powers, lufs = _session(1.0)
    done = list(masking(powers, lufs))
    assert done == sorted(done)
    assert done[-1] == 1.0


@pytest.mark.parametrize(
    "shape",
    [(COMPONENTS,), (2, 1, COMPONENTS), (2, 1, 3, COMPONENTS), (2, EARS, 3, COMPONENTS + 1)],
)
def test_other_shapes_are_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(MaterialError, match="shape"):
        heard(np.zeros(shape, np.float32))


@pytest.mark.parametrize("bad", [-1e-3, np.nan, np.inf])
def test_powers_that_are_none_are_refused(bad: float) -> None:
    powers = tracks(VOICE, GUITAR)
    powers[1, 0, 0, 5] = bad
    with pytest.raises(MaterialError, match="below 0"):
        heard(powers)
