from __future__ import annotations

import math

import pytest

from assistant.dsp.drive import Master
from assistant.dsp.loudness import Loudness
from assistant.mastering.codec_loop import Heard, Kept
from assistant.mastering.lossy import Lossy
from assistant.mastering.wording import (
    limited,
    little_room,
    readings_of,
    said_of_codecs,
    said_of_loudness,
    said_of_quiet,
    said_of_room,
    signed,
    taken,
    way_to,
)
from tests.assistant.mastering.songs import song

AAC, OPUS = Lossy("aac", 128), Lossy("opus", 96)


def reading(integrated: float, true_peak: float = -1.0, short_term: float = -10.0) -> Loudness:
    return Loudness(integrated, short_term, -9.0, 5.0, true_peak, true_peak)


def master(limiting_db: float, share: float = 0.2) -> Master:
    return Master(song(0.1), 3.0, limiting_db, share)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (-20.0, -14.0, "6.0 LU up to -14.0 LUFS"),
        (-9.0, -14.0, "5.0 LU down to -14.0 LUFS"),
        (-14.02, -14.0, "Already at -14.0 LUFS"),
    ],
)
def test_the_way_is_told_with_its_direction(before: float, after: float, told: str) -> None:
    assert way_to(reading(before), reading(after)) == told


def test_short_limiting_is_not_told_as_nothing() -> None:
    loudest = "0.6 dB in the mean of the loudest seconds"
    told = "under 1 % of the time limited, up to 2.0 dB, "
    assert limited(master(2.0, 0.001), 0.6) == told + loudest
    assert limited(master(2.0, 0.5), 0.6) == "50 % of the time limited, up to 2.0 dB, " + loudest
    assert taken(master(0.02), 0.0).startswith("under 0.1 dB")


@pytest.mark.parametrize(
    ("number", "told"), [(1.24, "+1.2"), (-0.04, "0.0"), (0.04, "0.0"), (-1.0, "-1.0")]
)
def test_a_rounded_zero_has_no_sign(number: float, told: str) -> None:
    assert signed(number) == told


def test_gain_alone_is_told_with_where_the_peak_comes_to() -> None:
    under = said_of_loudness(reading(-20.0), reading(-14.0, -3.0), master(0.0), -1.0, None)
    assert "by gain alone; the highest peak comes to -3.0 dBTP, under the ceiling" in under
    at = said_of_loudness(reading(-20.0), reading(-14.0, -1.01), master(0.0), -1.0, None)
    assert "comes to the ceiling of -1.0 dBTP" in at
    same = said_of_loudness(reading(-14.0), reading(-14.0, -3.0), master(0.0), -1.0, None)
    assert "by gain alone" not in same


def test_what_is_plainly_heard_is_said_with_what_would_not_be() -> None:
    told = said_of_loudness(reading(-20.0, -3.0), reading(-9.0), master(9.0), -1.0, -11.2)
    assert "peaks stood 17.0 dB above the loudness and now stand 8.0 dB above it" in told
    assert told.endswith("the nearest sensible target is -11.2 LUFS.")
    quiet = said_of_loudness(reading(-20.0), reading(-14.0), master(3.0), -1.0, None)
    assert "sensible" not in quiet


def test_room_is_told_of_only_where_it_is_little() -> None:
    roomy, cramped = reading(-14.0, -1.0), reading(-8.0, -0.5)
    assert said_of_room(roomy, 0, master(3.0)) == ""
    assert not little_room(roomy, 0)
    assert "stand only 7.5 dB above" in said_of_room(cramped, 0, master(0.0))
    assert "more limiting adds" not in said_of_room(cramped, 0, master(0.0))
    assert "more limiting adds" in said_of_room(cramped, 0, master(1.0))
    assert "cut off flat in 240 places" in said_of_room(roomy, 240, master(0.0))


def kept(*pairs: tuple[float | None, float | None], rounds: int = 0, cost: float = 0.0) -> Kept:
    both = tuple(zip((AAC, OPUS), pairs, strict=False))
    why = "there is no ffmpeg to make one"
    before, after = (
        tuple(Heard(lossy, pair[n], "" if pair[n] is not None else why) for lossy, pair in both)
        for n in (0, 1)
    )
    return Kept(song(0.1), before, after, rounds, 0.0, cost)


def test_nothing_is_said_of_codecs_that_nobody_asked_for() -> None:
    assert said_of_codecs(Kept(song(0.1), (), ())) == ""


def test_codecs_that_stay_under_are_told() -> None:
    told = said_of_codecs(kept((-0.4, -0.4), (-0.6, -0.6)))
    assert told == "Decoded it stays under full scale: -0.4 dBTP (AAC 128), -0.6 dBTP (Opus 96)."


def test_the_worst_codec_is_told_with_what_it_cost() -> None:
    told = said_of_codecs(kept((0.4, -0.1), (1.2, -0.2), rounds=2, cost=0.12))
    assert told.startswith("Opus 96 would have gone to +1.2 dBTP")
    assert "took 0.12 LU" in told
    assert "no loudness to speak of" in said_of_codecs(kept((0.4, -0.1), rounds=1, cost=0.01))


def test_a_check_that_was_not_made_is_said_beside_one_that_was() -> None:
    told = said_of_codecs(kept((None, None), (-0.3, -0.3)))
    assert "not made for AAC 128: there is no ffmpeg to make one." in told
    assert "-0.3 dBTP (Opus 96)" in told


def test_what_a_short_sound_has_no_reading_of_is_left_out() -> None:
    found = readings_of(reading(-20.0, short_term=-math.inf), reading(-14.0))
    assert "short_term_max" not in found
    assert found["integrated"].unit == "LUFS"
    assert found["peak_to_loudness"].before == pytest.approx(19.0)
    assert found["peak_to_loudness"].unit == "dB"


@pytest.mark.parametrize(
    ("was", "told"),
    [
        (0.03, "to just over 0 dBTP, so"),
        (-0.02, "to just under 0 dBTP, nearer than is safe, so"),
        (0.2, "to +0.2 dBTP, so"),
    ],
)
def test_a_peak_that_would_be_said_as_nothing_is_said_in_words(was: float, told: str) -> None:
    kept = Kept(song(0.1), (Heard(OPUS, was),), (Heard(OPUS, -0.4),), 1)
    assert told in said_of_codecs(kept)


def test_a_mix_that_comes_up_with_its_noise_is_asked_about() -> None:
    assert "its noise comes up by 57 dB too" in said_of_quiet(-68.0, 57.0)
    assert said_of_quiet(-38.0, 24.0) == ""
