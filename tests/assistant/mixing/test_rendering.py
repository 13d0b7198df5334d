"""Sessions rendered."""

from __future__ import annotations

import math
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.dsp.loudness import measure
from assistant.errors import MaterialError, UnknownName
from assistant.material import Audio, Samples, Session, Stem
from assistant.mixing import rendering
from assistant.mixing.rendering import CEILING_DB, Rendering, render
from assistant.mixing.sends import SENDS
from assistant.moves import Move
from assistant.steps import result

RATE = 8000


def zeros(shape: tuple[int, ...]) -> Samples:
    return np.zeros(shape, np.float32)


def stem(name: str, channels: int, frames: int, start: int = 0, *, rate: int = RATE) -> Stem:
    dice = np.random.default_rng([len(name), *name.encode()])
    made = dice.normal(0.0, 0.05, (channels, frames)).astype(np.float32)
    return Stem(name, Audio(made, rate), start)


def session(rate: int = RATE) -> Session:
    return Session(
        (
            stem("kick", 1, 9000, 100, rate=rate),
            stem("bass", 2, 14_000, rate=rate),
            stem("vocal", 1, 7001, 3000, rate=rate),
        )
    )


def move(target: str, parameter: str, value: float, group: str = "") -> Move:
    return Move(target, parameter, value, "because", group=group)


MANY = (
    move("kick", "gain_db", 4.0),
    move("kick", "pan", -0.4),
    move("bass", "hpf_hz", 40.0),
    move("bass", "eq.freq_hz", 300.0, "mud"),
    move("bass", "eq.gain_db", -5.0, "mud"),
    move("bass", "comp.threshold_db", -24.0, "side-chain kick"),
    move("vocal", "comp.threshold_db", -26.0),
    move("vocal", "deess.freq_hz", 3000.0),
    move("vocal", "deess.threshold_db", -30.0),
    move("vocal", "gate.threshold_db", -40.0),
    move("vocal", "delay_ms", 7.0),
    move("vocal", "send_db", -10.0, "room"),
    move("kick", "send_db", -20.0, "slap"),
)


def rendered(given_: Session, *moves: Move, tracks: bool = False) -> Rendering:
    return result(render(given_, moves, zeros, tracks=tracks))


def plain_sum(given_: Session) -> Samples:
    """Sum stems as anybody would."""
    frames = max(one.start + one.audio.frames for one in given_.stems)
    total = np.zeros((2, frames))
    for one in given_.stems:
        total[:, one.start : one.start + one.audio.frames] += one.audio.samples
    return total.astype(np.float32)


@pytest.mark.parametrize("rate", [8000, 44_100, 192_000])
def test_no_moves_are_the_plain_sum_bit_for_bit(rate: int) -> None:
    made = rendered(session(rate))
    np.testing.assert_array_equal(made.mix.audio.samples, plain_sum(session(rate)))
    np.testing.assert_array_equal(made.plain.audio.samples, plain_sum(session(rate)))
    assert made.mix.gain_db == 0.0
    assert made.matching_db == (0.0, 0.0)
    assert made.mix.audio.rate == rate


def test_moves_leave_the_plain_sum_alone() -> None:
    plain = rendered(session(), *MANY).plain.audio.samples
    wanted = plain_sum(session())
    np.testing.assert_array_equal(plain[:, : wanted.shape[1]], wanted)
    assert not plain[:, wanted.shape[1] :].any()


@pytest.mark.parametrize("moves", [(), MANY])
def test_tracks_sum_to_the_mix_exactly(moves: tuple[Move, ...]) -> None:
    made = rendered(session(), *moves, tracks=True)
    total = np.sum([one.audio.samples for one in made.tracks], axis=0, dtype=np.float64)
    np.testing.assert_array_equal(total.astype(np.float32), made.mix.audio.samples)
    names = [one.name for one in made.tracks]
    assert names == ["kick", "bass", "vocal"] + (["room", "slap"] if moves else [])


def test_tracks_are_turned_down_with_the_mix() -> None:
    made = rendered(session(), move("kick", "gain_db", 24.0), tracks=True)
    assert made.mix.gain_db < -3.0
    total = np.sum([one.audio.samples for one in made.tracks], axis=0, dtype=np.float64)
    np.testing.assert_allclose(total, made.mix.audio.samples, atol=1e-7 * len(made.tracks))


def test_asking_for_tracks_does_not_change_the_mix() -> None:
    alone, apart = (rendered(session(), *MANY, tracks=wanted) for wanted in (False, True))
    np.testing.assert_array_equal(alone.mix.audio.samples, apart.mix.audio.samples)
    assert not alone.tracks


@pytest.mark.parametrize("frames", [61, 5000])
def test_blocks_leave_no_trace(frames: int, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = rendered(session(), *MANY, tracks=True)
    monkeypatch.setattr(rendering, "BLOCK_FRAMES", frames)
    parts = rendered(session(), *MANY, tracks=True)
    np.testing.assert_array_equal(parts.mix.audio.samples, whole.mix.audio.samples)
    assert parts.mix.integrated == whole.mix.integrated
    for one, other in zip(parts.tracks, whole.tracks, strict=True):
        np.testing.assert_array_equal(one.audio.samples, other.audio.samples)


@given(st.floats(-150.0, 150.0))
def test_a_delay_keeps_the_sound(delay_ms: float) -> None:
    one = stem("kick", 1, 4000, 1200)
    made = rendered(Session((one,)), move("kick", "delay_ms", delay_ms)).mix.audio.samples
    start = 1200 + round(delay_ms * 8.0)
    assert not made[:, :start].any()
    np.testing.assert_array_equal(made[:, start : start + 4000], one.audio.samples.repeat(2, 0))
    assert not made[:, start + 4000 :].any()


def test_what_lies_before_the_song_is_not_heard() -> None:
    one = stem("kick", 1, 4000, -300)
    made = rendered(Session((one,)), move("kick", "delay_ms", -100.0)).mix.audio.samples
    np.testing.assert_array_equal(made[0, :2900], one.audio.samples[0, 1100:])
    assert not made[:, 2900:].any()


@given(st.floats(-60.0, 24.0), st.floats(-60.0, 24.0))
def test_it_never_clips_and_both_are_told_as_they_are(kick_db: float, bass_db: float) -> None:
    made = rendered(session(), move("kick", "gain_db", kick_db), move("bass", "gain_db", bass_db))
    told = measure(made.mix.audio)
    assert told.true_peak <= CEILING_DB + 1e-3
    assert made.mix.true_peak == pytest.approx(told.true_peak, abs=1e-4)
    assert made.mix.integrated == pytest.approx(told.integrated, abs=1e-4)
    assert (made.mix.gain_db < 0.0) == (made.mix.true_peak == pytest.approx(CEILING_DB))


@given(st.floats(-20.0, 24.0))
def test_matched_both_are_equally_loud_and_neither_is_turned_up(gain_db: float) -> None:
    made = rendered(session(), move("bass", "gain_db", gain_db))
    mix_db, plain_db = made.matching_db
    assert max(mix_db, plain_db) == 0.0
    assert made.mix.integrated + mix_db == pytest.approx(made.plain.integrated + plain_db)


def test_the_sum_has_a_strip_too() -> None:
    made = rendered(session(), move("mix", "gain_db", -6.0), tracks=True)
    np.testing.assert_allclose(
        made.mix.audio.samples, made.plain.audio.samples * 10.0**-0.3, atol=1e-7
    )
    np.testing.assert_array_equal(
        made.tracks[1].audio.samples[:, :14_000], session().stems[1].audio.samples
    )


def test_a_stem_called_mix_is_not_the_sum() -> None:
    two = Session((stem("mix", 2, 4000), stem("kick", 1, 4000)))
    made = rendered(two, move("mix", "gain_db", -6.0))
    np.testing.assert_allclose(
        made.mix.audio.samples, made.plain.audio.samples * 10.0**-0.3, atol=1e-7
    )


def test_a_send_comes_back_as_much_as_it_was_sent_and_rings_on() -> None:
    one = Session((stem("vocal", 1, 8000),))
    wet = [
        rendered(one, move("vocal", "send_db", db, "room"), tracks=True).tracks[1].audio
        for db in (-10.0, -16.0)
    ]
    assert wet[0].frames == 8000 + math.ceil(SENDS["room"].tail_seconds * RATE)
    assert wet[0].samples[:, 8100:].any()
    np.testing.assert_allclose(wet[1].samples, wet[0].samples * 10.0**-0.3, atol=1e-7)
    muted = rendered(one, move("vocal", "send_db", 0.0, "room"), move("vocal", "mute", 1.0))
    assert not muted.mix.audio.samples.any()


def test_surround_is_folded_down_and_equal_channels_are_mono() -> None:
    wide = Session((stem("choir", 6, 4000),))
    made = rendered(wide)
    np.testing.assert_array_equal(made.mix.audio.samples, made.plain.audio.samples)
    row = stem("kick", 1, 4000)
    both = Stem("kick", Audio(row.audio.samples.repeat(2, 0), RATE))
    panned = [rendered(Session((one,)), move("kick", "pan", 0.6)) for one in (row, both)]
    mono, equal = (one.mix.audio.samples for one in panned)
    np.testing.assert_array_equal(mono, equal)


def test_silence_and_nothing_at_all() -> None:
    silent = Stem("pad", Audio(zeros((2, 5000)), RATE))
    made = rendered(Session((silent,)), move("pad", "gain_db", 6.0))
    assert not made.mix.audio.samples.any()
    assert made.mix.integrated == made.mix.true_peak == -math.inf
    assert made.matching_db == (0.0, 0.0)
    empty = rendered(Session((Stem("pad", Audio(zeros((2, 0)), RATE)),)))
    assert empty.mix.audio.samples.shape == (2, 0)
    with pytest.raises(MaterialError, match="no stems"):
        rendered(Session())


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_what_is_no_number_is_refused_by_the_name_of_its_track(bad: float) -> None:
    samples = zeros((1, 5000))
    samples[0, 4999] = bad
    with pytest.raises(MaterialError, match="'pad'"):
        rendered(Session((*session().stems, Stem("pad", Audio(samples, RATE)))))


def test_unknown_tracks_are_refused_with_what_was_meant() -> None:
    with pytest.raises(UnknownName, match="Did you mean 'vocal'"):
        rendered(session(), move("vocals", "gain_db", 1.0))


def test_forty_stems_of_all_kinds() -> None:
    every = Session(tuple(stem(f"t{n}", 1 + n % 2, 1000 + 50 * n, 37 * n) for n in range(40)))
    made = rendered(every, *(move(f"t{n}", "pan", n / 40.0) for n in range(40)), tracks=True)
    assert len(made.tracks) == 40
    total = np.sum([one.audio.samples for one in made.tracks], axis=0, dtype=np.float64)
    scale = 1e-7 * 40 if made.mix.gain_db else 0.0
    np.testing.assert_allclose(total.astype(np.float32), made.mix.audio.samples, atol=scale)


def test_progress_rises_to_the_end_and_the_input_is_left_as_it_was() -> None:
    before = [one.audio.samples.copy() for one in session().stems]
    here = session()
    shares = list(render(here, (*MANY, move("bass", "gain_db", 24.0)), zeros))
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    for one, wanted in zip(here.stems, before, strict=True):
        np.testing.assert_array_equal(one.audio.samples, wanted)


def test_memory_does_not_grow_with_the_length(tmp_path: Path) -> None:
    def peak(seconds: int) -> int:
        count = iter(range(99))

        def mapped(shape: tuple[int, ...]) -> Samples:
            path = tmp_path / f"{seconds}-{next(count)}"
            return np.memmap(path, np.float32, "w+", shape=shape)

        stems = Session(tuple(Stem(n, Audio(mapped((1, seconds * RATE)), RATE)) for n in "ab"))
        tracemalloc.start()
        result(render(stems, [move("a", "comp.threshold_db", -20.0)], mapped))
        told = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return told

    peak(5)
    assert peak(300) < 1.3 * peak(30)


def test_a_plain_sum_that_is_known_is_not_made_again() -> None:
    known = result(rendering.plain_sum(session(), zeros))
    made = result(render(session(), MANY, zeros, plain=known))
    assert made.plain is known
    assert np.array_equal(made.mix.audio.samples, rendered(session(), *MANY).mix.audio.samples)


def test_a_track_behind_its_strip_is_what_the_mix_has_of_it() -> None:
    moves = [one for one in MANY if one.parameter != "send_db"]
    made = rendered(session(), *moves, tracks=True)
    for name, n in (("kick", 0), ("bass", 1), ("vocal", 2)):
        alone = result(rendering.through_strip(session(), name, moves, zeros))
        whole = made.tracks[n].audio.samples
        end = alone.start + alone.audio.frames
        assert np.array_equal(alone.audio.samples, whole[:, alone.start : end]), name
        assert not whole[:, : alone.start].any()


def test_a_track_alone_is_not_turned_down_for_the_sum() -> None:
    loud = Move("kick", "gain_db", 20.0, "because")
    alone = result(rendering.through_strip(session(), "kick", [loud], zeros))
    assert np.abs(alone.audio.samples).max() > 1.0


@pytest.mark.parametrize("gain_db", [6.0, -6.0])
def test_a_matched_mix_is_as_loud_as_the_plain_sum(gain_db: float) -> None:
    moves = [
        Move(name, "gain_db", gain_db, "because", "change") for name in ("kick", "bass", "vocal")
    ]
    long = Session(tuple(stem(one.name, 2, RATE) for one in session().stems))
    made = result(render(long, moves, zeros, tracks=True, matched=True))
    assert made.mix.integrated == pytest.approx(made.plain.integrated, abs=0.01)
    assert made.mix.gain_db == pytest.approx(-gain_db, abs=0.01)
    assert made.matching_db == pytest.approx((0.0, 0.0), abs=0.01)
    total = sum(one.audio.samples for one in made.tracks)
    assert np.allclose(total, made.mix.audio.samples, atol=1e-6)


def test_a_mix_is_turned_up_no_further_than_the_ceiling() -> None:
    click = np.zeros((2, RATE), np.float32)
    click[:, 100] = 0.5
    spiky = Session((Stem("spikes", Audio(click, RATE)), stem("noise", 2, RATE)))
    moves = [Move("noise", "gain_db", -20.0, "because", "change")]
    made = result(render(spiky, moves, zeros, matched=True))
    assert made.mix.true_peak == pytest.approx(CEILING_DB, abs=0.01)
    assert made.matching_db[1] < -1.0
