from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from assistant.dsp import retuning
from assistant.dsp.f0 import F0Track
from assistant.dsp.retuning import Retuned, retune
from assistant.material import Audio, Samples
from tests.assistant.dsp.sung import Array, as_audio, heard_hz, sung, tracked

RATE = 22_050
HZ = 196.0
Cents = NDArray[np.float32]


def zeros(shape: tuple[int, ...]) -> Samples:
    return np.zeros(shape, dtype=np.float32)


def done(
    audio: Audio,
    fine: F0Track,
    cents: Cents,
    base_cents: Cents | None = None,
    formant_cents: float = 0.0,
) -> Retuned:
    steps = retune(
        audio, fine, cents, base_cents=base_cents, formant_cents=formant_cents, scratch=zeros
    )
    told = [-1.0]
    while True:
        try:
            told.append(next(steps))
        except StopIteration as end:
            assert told == sorted(told)
            assert told[-1] == 1.0
            made: Retuned = end.value
            return made


def between(fine: F0Track, *parts: tuple[float, float, float]) -> Cents:
    """Return a curve of cents: from when to when, how far."""
    cents = np.zeros(fine.times.size, dtype=np.float32)
    for start, end, far in parts:
        cents[(fine.times >= start) & (fine.times < end)] = far
    return np.where(fine.voiced, cents, np.float32(0.0))


def steady(seconds: float = 1.0, hz: float = HZ, rate: int = RATE) -> Array:
    return np.full(round(seconds * rate), hz)


def vibrato(seconds: float = 1.0) -> Array:
    time = np.arange(round(seconds * RATE)) / RATE
    return HZ * 2.0 ** (0.5 * np.sin(2.0 * np.pi * 5.5 * time) / 12.0)


VOICE = sung(vibrato(), RATE)
TRACK = tracked(vibrato(), RATE)
TAKE = as_audio(VOICE, RATE)


def in_cents(ratio: float) -> float:
    return float(1200.0 * np.log2(ratio))


@pytest.mark.parametrize("cents", [-700.0, -300.0, -50.0, 50.0, 300.0, 700.0, 1200.0])
@pytest.mark.parametrize("hz", [82.0, HZ, 520.0])
def test_pitch_is_moved_by_what_is_asked(cents: float, hz: float) -> None:
    curve = steady(hz=hz)
    fine = tracked(curve, RATE)
    got = done(as_audio(sung(curve, RATE), RATE), fine, between(fine, (0.0, 2.0, cents)))
    wanted = hz * 2.0 ** (cents / 1200.0)
    heard = heard_hz(got.audio.samples[0].astype(np.float64), RATE, wanted)
    assert abs(in_cents(heard / wanted)) < 1.0


@pytest.mark.parametrize("rate", [8_000, 48_000, 192_000])
def test_pitch_is_moved_at_any_rate(rate: int) -> None:
    curve = steady(0.5, rate=rate)
    fine = tracked(curve, rate)
    got = done(as_audio(sung(curve, rate), rate), fine, between(fine, (0.0, 2.0, 100.0)))
    wanted = HZ * 2.0 ** (100.0 / 1200.0)
    heard = heard_hz(got.audio.samples[0].astype(np.float64), rate, wanted)
    assert abs(in_cents(heard / wanted)) < 1.0


@pytest.mark.parametrize("cents", [-300.0, 100.0, 500.0])
def test_what_comes_out_is_what_would_have_been_sung(cents: float) -> None:
    curve = vibrato()
    got = done(TAKE, TRACK, between(TRACK, (0.0, 2.0, cents))).audio.samples[0]
    wanted = sung(curve * 2.0 ** (cents / 1200.0), RATE)
    windows = [
        np.abs(np.fft.rfft(each[i : i + 1024] * np.hanning(1024)))
        for each in (got.astype(np.float64), wanted)
        for i in range(2_048, got.size - 3_072, 512)
    ]
    levels = np.log10(np.maximum(np.array(windows), 0.3)).reshape(2, -1, 513)
    distance = np.sqrt(np.mean(np.square(20.0 * (levels[0] - levels[1])[:, 5:180]), axis=1))
    assert distance.mean() < 4.0


@pytest.mark.parametrize("cents", [-500.0, -100.0, 100.0, 500.0])
def test_the_level_is_kept(cents: float) -> None:
    got = done(TAKE, TRACK, between(TRACK, (0.0, 2.0, cents))).audio.samples
    change = 10.0 * np.log10(np.mean(np.square(got)) / np.mean(np.square(TAKE.samples)))
    assert abs(change) < 1.5


@given(st.integers(0, 2**16))
def test_no_cents_leave_every_bit(seed: int) -> None:
    dice = np.random.default_rng(seed)
    sound = dice.standard_normal((2, 4_000))
    fine = tracked(steady(4_000 / RATE), RATE)
    got = done(as_audio(sound, RATE), fine, between(fine))
    np.testing.assert_array_equal(got.audio.samples, sound.astype(np.float32))
    assert got.untouched == 1.0


islands = st.tuples(
    st.floats(0.0, 0.9), st.floats(0.02, 0.6), st.floats(-600.0, 600.0).filter(bool)
).map(lambda drawn: (drawn[0], drawn[0] + drawn[1], drawn[2]))


@settings(deadline=None, max_examples=40)
@given(islands)
def test_outside_islands_every_bit_is_left(island: tuple[float, float, float]) -> None:
    got = done(TAKE, TRACK, between(TRACK, island))
    beyond = 2.0 / HZ + TRACK.hop_seconds
    time = np.arange(TAKE.frames) / RATE
    outside = (time < island[0] - beyond) | (time > island[1] + beyond)
    same = got.audio.samples[0] == TAKE.samples[0]
    assert same[outside].all()
    assert got.untouched == pytest.approx(same.mean())


@settings(deadline=None, max_examples=40)
@given(islands)
def test_nothing_clicks_where_an_island_begins_or_ends(
    island: tuple[float, float, float],
) -> None:
    def bend(samples: Samples) -> Samples:
        return np.asarray(np.abs(np.diff(samples[0], 3)))

    got = done(TAKE, TRACK, between(TRACK, island)).audio.samples
    assert bend(got).max() < 1.6 * bend(TAKE.samples).max()


@settings(deadline=None, max_examples=25)
@given(islands, islands)
def test_where_nothing_was_edited_the_bits_are_those_before_the_edit(
    island: tuple[float, float, float], edit: tuple[float, float, float]
) -> None:
    before = between(TRACK, island)
    after = between(TRACK, island, edit)
    first = done(TAKE, TRACK, before).audio.samples[0]
    then = done(TAKE, TRACK, after, base_cents=before).audio.samples[0]
    beyond = 3.0 / HZ + TRACK.hop_seconds
    time = np.arange(TAKE.frames) / RATE
    elsewhere = (time < edit[0] - beyond) | (time > edit[1] + beyond)
    np.testing.assert_array_equal(then[elsewhere], first[elsewhere])


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 2**16), st.sampled_from((0.0, 2_400.0, -2_400.0)))
@example(789, 2_400.0)  # far down, and formants far up: grains with silence between them
def test_the_wildest_curves_and_tracks_give_a_sound_no_louder_than_grains_can_be(
    seed: int, formant_cents: float
) -> None:
    dice = np.random.default_rng(seed)
    count = TRACK.times.size
    hz = np.exp(dice.uniform(np.log(45.0), np.log(2_000.0), count))
    wild = F0Track(TRACK.times, hz, dice.uniform(0.3, 1.0, count), TRACK.level_db, 0.005)
    cents = (dice.uniform(-2_400.0, 2_400.0, (2, count)) * dice.integers(0, 2, (2, count))).astype(
        np.float32
    )
    for fine in (TRACK, wild):
        got = done(TAKE, fine, cents[0], cents[1], formant_cents).audio.samples
        assert np.abs(got).max() < 8.0 * np.abs(TAKE.samples).max()


def test_an_edit_is_heard() -> None:
    curve = steady(1.5)
    take, fine = as_audio(sung(curve, RATE), RATE), tracked(curve, RATE)
    before = between(fine, (0.0, 2.0, 130.0))
    after = between(fine, (0.0, 2.0, 130.0), (0.5, 1.0, -80.0))
    got = done(take, fine, after, base_cents=before).audio.samples[0].astype(np.float64)
    for start, end, cents in ((0.05, 0.45, 130.0), (0.52, 0.92, -80.0), (1.05, 1.45, 130.0)):
        wanted = HZ * 2.0 ** (cents / 1200.0)
        heard = heard_hz(got[round(start * RATE) : round(end * RATE)], RATE, wanted)
        assert abs(in_cents(heard / wanted)) < 1.0


@settings(deadline=None, max_examples=20)
@given(islands, st.integers(-12, 3))
def test_gain_in_is_gain_out(island: tuple[float, float, float], doublings: int) -> None:
    gain, cents = 2.0**doublings, between(TRACK, island)
    soft = done(as_audio(VOICE * gain, RATE), TRACK, cents).audio.samples
    loud = done(TAKE, TRACK, cents).audio.samples
    np.testing.assert_allclose(soft, gain * loud, rtol=1e-5, atol=1e-6 * gain)


@settings(deadline=None, max_examples=20)
@given(islands)
def test_two_channels_alike_stay_alike_and_are_as_one(
    island: tuple[float, float, float],
) -> None:
    cents = between(TRACK, island)
    stereo = done(as_audio(np.stack((VOICE, VOICE)), RATE), TRACK, cents).audio.samples
    alone = done(TAKE, TRACK, cents).audio.samples
    np.testing.assert_array_equal(stereo, np.concatenate((alone, alone)))


def test_channels_are_moved_alike() -> None:
    cents = between(TRACK, (0.0, 2.0, 200.0))
    softer = done(as_audio(np.stack((VOICE, 0.25 * VOICE)), RATE), TRACK, cents).audio.samples
    np.testing.assert_array_equal(softer[1], 0.25 * softer[0])


def test_channels_in_antiphase_do_not_cancel() -> None:
    cents = between(TRACK, (0.0, 2.0, 200.0))
    left, right = done(as_audio(np.stack((VOICE, -VOICE)), RATE), TRACK, cents).audio.samples
    assert not np.array_equal(left, VOICE.astype(np.float32))
    np.testing.assert_array_equal(left, -right)


@pytest.mark.parametrize("cents", [-700.0, -100.0, 100.0, 700.0])
@pytest.mark.parametrize("hz", [0.0, 9.0])
def test_an_offset_and_rumble_stay_where_they_are(cents: float, hz: float) -> None:
    slow = 0.2 * np.cos(2.0 * np.pi * hz * np.arange(VOICE.size) / RATE)
    curve = between(TRACK, (0.2, 0.8, cents))
    alone = done(TAKE, TRACK, curve).audio.samples[0]
    with_it = done(as_audio(VOICE + slow, RATE), TRACK, curve).audio.samples[0]
    difference = with_it - slow - alone
    assert np.abs(difference).max() < 0.002
    same = with_it == (VOICE + slow).astype(np.float32)
    beyond = round((2.0 / HZ + TRACK.hop_seconds) * RATE)
    assert same[: round(0.2 * RATE) - beyond].all()
    assert same[round(0.8 * RATE) + beyond :].all()


@pytest.mark.parametrize("cents", [-300.0, 300.0])
def test_a_voice_from_the_first_frame_to_the_last_is_moved_with_its_offset(cents: float) -> None:
    sound = np.stack((VOICE + 0.2, VOICE - 0.1))
    curve = between(TRACK, (0.0, 2.0, cents))
    alone = done(as_audio(VOICE, RATE), TRACK, curve).audio.samples[0]
    left, right = done(as_audio(sound, RATE), TRACK, curve).audio.samples
    assert np.abs(left - alone - 0.2).max() < 0.002
    assert np.abs(right - alone + 0.1).max() < 0.002


@given(islands)
def test_silence_stays_silence(island: tuple[float, float, float]) -> None:
    silence = as_audio(np.zeros((2, VOICE.size)), RATE)
    got = done(silence, TRACK, between(TRACK, island), formant_cents=100.0)
    assert not got.audio.samples.any()


def test_the_same_asked_twice_is_the_same() -> None:
    cents = between(TRACK, (0.1, 0.7, 170.0))
    first, second = (done(TAKE, TRACK, cents).audio.samples for _ in range(2))
    np.testing.assert_array_equal(first, second)


def test_what_is_not_voiced_is_copied() -> None:
    fine = tracked(vibrato(), RATE, voiced=(0.3, 0.6))
    cents = np.full(fine.times.size, 200.0, dtype=np.float32)
    got = done(TAKE, fine, cents).audio.samples[0]
    same = got == TAKE.samples[0]
    assert same[: round(0.3 * RATE)].all()
    assert same[round(0.6 * RATE) :].all()
    assert not same.all()


@pytest.mark.parametrize("make", [
    lambda: 0.2 * np.random.default_rng(1).standard_normal(VOICE.size),
    lambda: np.zeros(VOICE.size),
])  # fmt: skip
def test_what_does_not_repeat_itself_is_copied_whatever_the_track_says(
    make: Callable[[], Array],
) -> None:
    got = done(as_audio(make(), RATE), TRACK, between(TRACK, (0.0, 2.0, 300.0)))
    assert got.untouched > 0.9


@pytest.mark.parametrize("wrong", [0.5, 2.0])
def test_an_octave_slip_of_the_track_leaves_the_level_whole(wrong: float) -> None:
    hz = TRACK.hz.copy()
    hz[80:120] *= wrong
    slipped = F0Track(TRACK.times, hz, TRACK.confidence, TRACK.level_db, TRACK.hop_seconds)
    got = done(TAKE, slipped, between(TRACK, (0.0, 2.0, 100.0))).audio.samples[0]
    power = np.convolve(np.square(got), np.hanning(1_000), "valid")
    usual = np.convolve(np.square(TAKE.samples[0]), np.hanning(1_000), "valid")
    assert np.abs(10.0 * np.log10(power / usual)).max() < 6.0


@pytest.mark.parametrize("far", [-400.0, 200.0, 400.0, 700.0])
@pytest.mark.parametrize("hz", [110.0, HZ, 330.0])
def test_a_voice_with_other_formants_is_as_loud(hz: float, far: float) -> None:
    curve = steady(hz=hz)
    fine = tracked(curve, RATE)
    take = as_audio(sung(curve, RATE), RATE)
    got = done(take, fine, between(fine), formant_cents=far).audio.samples
    change = 10.0 * np.log10(np.mean(np.square(got)) / np.mean(np.square(take.samples)))
    assert abs(change) < 1.0


@pytest.mark.parametrize("far", [-400.0, 400.0])
def test_formants_are_moved_alone(far: float) -> None:
    curve = steady(hz=110.0)
    fine = tracked(curve, RATE)
    got = done(as_audio(sung(curve, RATE), RATE), fine, between(fine), formant_cents=far)
    sound = got.audio.samples[0].astype(np.float64)
    assert abs(in_cents(heard_hz(sound, RATE, 110.0) / 110.0)) < 1.0
    wanted = sung(curve, RATE, raised=2.0 ** (far / 1200.0))
    as_it_was = sung(curve, RATE)

    def partials(samples: Array) -> Array:
        spectrum = np.abs(np.fft.rfft(samples * np.hanning(samples.size)))
        found = spectrum[(np.arange(2, 30) * 110.0 * samples.size / RATE).astype(int)]
        return np.asarray(20.0 * np.log10(found / np.sqrt(np.mean(found * found))))

    closer = np.abs(partials(sound) - partials(wanted)).mean()
    assert closer < 0.5 * np.abs(partials(sound) - partials(as_it_was)).mean()


def test_an_endless_tone_is_worked_on_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    curve = steady(1.5)
    take, fine = as_audio(sung(curve, RATE), RATE), tracked(curve, RATE)
    cents = between(fine, (0.0, 2.0, 100.0))
    monkeypatch.setattr(retuning, "LONGEST_SECONDS", 0.5)
    got = done(take, fine, cents)
    assert got.untouched < 0.1
    assert np.isfinite(got.audio.samples).all()


@pytest.mark.parametrize("frames", [0, 1, 50, 400])
def test_what_is_too_short_is_copied_or_moved_but_whole(frames: int) -> None:
    fine = F0Track(np.linspace(0.0, 0.015, 4), np.full(4, HZ), np.ones(4), np.zeros(4), 0.005)
    sound = as_audio(VOICE[:frames], RATE)
    got = done(sound, fine, np.full(4, 300.0, dtype=np.float32))
    assert got.audio.samples.shape == (1, frames)
    assert np.isfinite(got.audio.samples).all()


def test_a_curve_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="3 cents for 200 points"):
        done(TAKE, TRACK, np.zeros(3, dtype=np.float32))
    with pytest.raises(ValueError, match=r"2400\.0"):
        done(TAKE, TRACK, np.full(TRACK.times.size, 2_500.0, dtype=np.float32))
    with pytest.raises(ValueError, match="nan"):
        done(TAKE, TRACK, np.full(TRACK.times.size, np.nan, dtype=np.float32))
