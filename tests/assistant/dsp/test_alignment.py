"""Which sounds hold the same source."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.dsp.alignment import Alignment, alignments
from assistant.material import Audio
from assistant.steps import result

Row = NDArray[np.float64]

RATE = 16_000
SECONDS = 6


def hits(seed: int, seconds: int = SECONDS) -> Row:
    """Play noises that die away, twice a second, each another."""
    dice = np.random.default_rng(seed)
    length = RATE // 4
    fading = np.exp(-np.arange(length) / 600.0)
    made = np.zeros(seconds * RATE)
    for start in range(1000, made.size - length, RATE // 2):
        made[start : start + length] = 0.1 * fading * dice.normal(size=length)
    return made


def room(dry: Row, seed: int, later: int = 0) -> Row:
    """Hear it from some way off, with a room around it."""
    dice = np.random.default_rng(seed)
    size = RATE // 8
    tail = 0.02 * dice.normal(size=size) * np.exp(-np.arange(size) / 500.0)
    response = np.concatenate([np.zeros(later), [1.0], np.zeros(40), tail])
    heard: Row = np.convolve(dry, response)[: dry.size] + 1e-5 * dice.normal(size=dry.size)
    return heard


def audio(*rows: Row) -> Audio:
    return Audio(np.stack(rows).astype(np.float32), RATE)


def compare(*sounds: Audio, starts: tuple[int, ...] | None = None) -> tuple[Alignment, ...]:
    return result(alignments(sounds, starts))


@pytest.mark.parametrize("later", [-320, -17, 0, 2, 75, 320])
@pytest.mark.parametrize("sign", [1, -1])
def test_two_microphones_are_told_to_the_frame_and_by_sign(later: int, sign: int) -> None:
    dry = hits(1)
    first, second = room(dry, 2, max(-later, 0)), 0.4 * sign * room(dry, 3, max(later, 0))
    (found,) = compare(audio(first), audio(second))
    assert (found.lag_frames, found.sign) == (later, sign)
    assert found.distinctness > 3.0
    assert found.evidence > 10.0
    assert found.level_db == pytest.approx(20.0 * np.log10(0.4), abs=2.0)


def test_two_players_on_one_beat_have_nothing_in_common() -> None:
    (found,) = compare(audio(hits(1)), audio(hits(2)))
    assert found.together > 0.9
    assert found.distinctness < 1.6
    assert found.sameness < 0.2


def test_what_never_swells_together_is_not_compared() -> None:
    early, late = hits(1), hits(2)
    early[early.size // 2 :] = 0.0
    late[: late.size // 2] = 0.0
    assert compare(audio(early), audio(late)) == ()


def test_a_copy_at_another_gain_far_away_is_found() -> None:
    dice = np.random.default_rng(4)
    sound = hits(1) * np.repeat(dice.uniform(0.1, 1.0, SECONDS * 10), RATE // 10)
    later = 5003
    moved = np.concatenate([np.zeros(later), 0.3 * sound])[: sound.size]
    (found,) = compare(audio(sound), audio(moved))
    assert found.lag_frames == later
    assert found.sameness > 0.999


def test_where_a_stem_starts_counts() -> None:
    sound = hits(1)
    (found,) = compare(audio(sound), audio(sound[700:]), starts=(0, 712))
    assert found.lag_frames == 12


def test_what_lies_before_the_song_is_not_heard() -> None:
    sound = hits(1)
    (found,) = compare(audio(sound), audio(sound), starts=(0, -30))
    assert found.lag_frames == -30


def test_a_stereo_sound_with_a_flipped_channel_still_has_a_place() -> None:
    sound = hits(1)
    (found,) = compare(audio(sound, -0.9 * sound), audio(sound))
    assert (found.lag_frames, found.sign) == (0, 1)


@pytest.mark.parametrize("count", [0, 1])
def test_one_sound_has_nobody_to_be_held_against(count: int) -> None:
    assert compare(*[audio(hits(1))] * count) == ()


@pytest.mark.parametrize("frames", [0, 1, 500])
def test_silent_and_tiny_sounds_are_passed_over(frames: int) -> None:
    assert compare(audio(np.zeros(frames)), audio(hits(1)), audio(np.zeros(frames))) == ()


def test_shares_rise_and_the_answer_is_the_same_each_time() -> None:
    sounds = [audio(room(hits(1), n, 9 * n)) for n in range(3)]
    shares = list(alignments(sounds))
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert compare(*sounds) == compare(*sounds)
