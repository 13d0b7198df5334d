"""Sounds that make one song: at one rate, and each where its file says that it belongs."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.material import Audio, Samples
from assistant.steps import result
from bridge.sound.bext import Bext
from bridge.sound.markers import Marker
from bridge.sound.tags import NO_TAGS, Tags
from bridge.sound.together import Song, common_rate, together

RATE = 44_100
HOUR = 3_600


def zeros(shape: tuple[int, ...]) -> Samples:
    return np.zeros(shape, dtype=np.float32)


def tone(rate: int = RATE, seconds: float = 0.5, channels: int = 1) -> Audio:
    wave = 0.5 * np.sin(2.0 * np.pi * 440.0 * np.arange(round(seconds * rate)) / rate)
    return Audio(np.tile(wave.astype(np.float32), (channels, 1)), rate)


def at(frame: int, rate: int = RATE) -> Tags:
    return Tags(rate, Bext(frame=frame))


def laid(sounds: Mapping[str, Audio], said: Mapping[str, Tags] | None = None) -> Song:
    tags = {name: Tags(audio.rate) for name, audio in sounds.items()} | dict(said or {})
    return result(together(sounds, tags, zeros))


def starts(song: Song) -> list[int]:
    return [stem.start for stem in song.session.stems]


def test_sounds_at_one_rate_stay_the_same_objects_and_nothing_is_said() -> None:
    sounds = {"kick": tone(), "pad": tone(channels=2)}
    song = laid(sounds)
    assert [stem.audio for stem in song.session.stems] == list(sounds.values())
    assert starts(song) == [0, 0]
    assert song.remarks == ()
    assert song.tags == NO_TAGS


def test_the_few_are_converted_to_the_rate_of_the_many_and_named() -> None:
    song = laid({"vox": tone(48_000, channels=2), "kick": tone(), "bass": tone()})
    vox, kick, _ = (stem.audio for stem in song.session.stems)
    assert (vox.rate, vox.channels, vox.frames) == (RATE, 2, kick.frames)
    inside = slice(2_000, -2_000)
    assert np.abs(vox.samples[1, inside] - kick.samples[0, inside]).max() < 1e-4
    assert song.remarks == ("Converted to 44,100 Hz, the rate of most stems: vox (48,000 Hz).",)


@pytest.mark.parametrize(
    ("rates", "common"),
    [((44_100, 48_000, 44_100), 44_100), ((44_100, 48_000), 48_000), ((8_000,), 8_000)],
)
def test_of_rates_as_common_the_highest_is_chosen(rates: tuple[int, ...], common: int) -> None:
    assert common_rate(rates) == common
    assert common_rate(rates[::-1]) == common


def test_sounds_start_where_their_time_references_say() -> None:
    sounds = {"kick": tone(), "vox": tone(), "solo": tone()}
    said = {"kick": at(HOUR * RATE), "vox": at(HOUR * RATE + 1_000), "solo": at(HOUR * RATE + 7)}
    song = laid(sounds, said)
    assert starts(song) == [0, 1_000, 7]
    assert song.remarks == ("Stems lie where their time references say: vox starts 0.02 s in.",)


@given(
    st.lists(
        st.tuples(st.integers(0, 10**8), st.sampled_from((8_000, 44_100, 48_000, 192_000))),
        min_size=1,
        max_size=5,
    )
)
def test_places_are_exact_at_any_rates(references: list[tuple[int, int]]) -> None:
    sounds = {str(n): tone(rate, 0.01) for n, (_, rate) in enumerate(references)}
    said = {str(n): at(frame, rate) for n, (frame, rate) in enumerate(references)}
    seconds = [frame / rate for frame, rate in references]
    song = laid(sounds, said)
    rate = common_rate([rate for _, rate in references])
    gaps = [after - before - 0.01 for before, after in pairwise(sorted(seconds))]
    is_one_song = max(gaps, default=0.0) <= 600.0
    if not is_one_song:
        assert starts(song) == [0] * len(references)
    for stem, second in zip(song.session.stems, seconds, strict=True):
        if is_one_song:
            assert stem.start == pytest.approx((second - min(seconds)) * rate, abs=0.6)


def test_where_one_has_no_reference_all_start_together_and_it_is_named() -> None:
    sounds = {"kick": tone(), "vox": tone(), "solo": tone()}
    song = laid(sounds, {"kick": at(HOUR * RATE), "vox": at(HOUR * RATE + 1_000)})
    assert starts(song) == [0, 0, 0]
    assert song.remarks == ("All stems start together: no time reference in solo.",)


def test_references_of_zero_beside_none_are_not_worth_a_word() -> None:
    song = laid({"kick": tone(), "vox": tone()}, {"kick": at(0)})
    assert starts(song) == [0, 0]
    assert song.remarks == ()


@pytest.mark.parametrize("frame", [24 * HOUR * RATE + 1, 2**64 - 1])
def test_references_over_a_day_apart_are_not_believed(frame: int) -> None:
    song = laid({"kick": tone(), "vox": tone()}, {"kick": at(0), "vox": at(frame)})
    assert starts(song) == [0, 0]
    (remark,) = song.remarks
    assert remark.startswith("All stems start together: the time references of kick and vox lie ")
    assert song.tags == NO_TAGS


def test_a_take_of_an_hour_later_does_not_make_a_song_of_an_hour() -> None:
    song = laid({"kick": tone(), "vox": tone()}, {"kick": at(0), "vox": at(HOUR * RATE)})
    assert starts(song) == [0, 0]
    (remark,) = song.remarks
    assert remark == (
        "All stems start together: the time references of kick and vox lie 60 minutes apart, in"
        " which no stem sounds; in one song there is no such gap."
    )


def test_a_long_concert_is_laid_out_as_long_as_something_sounds() -> None:
    half_hour = Audio(np.zeros((1, 1_800 * 8_000), np.float32), 8_000)
    sounds = {"first": half_hour, "second": half_hour, "vox": tone(8_000)}
    references = (0, 1_800 * 8_000, 3_600 * 8_000 + 600 * 8_000)
    said = {name: at(frame, 8_000) for name, frame in zip(sounds, references, strict=True)}
    assert starts(laid(sounds, said)) == list(references)
    said["vox"] = at(references[-1] + 1, 8_000)
    song = laid(sounds, said)
    assert starts(song) == [0, 0, 0]
    assert "of second and vox lie 10 minutes apart" in song.remarks[0]


def test_what_a_file_says_is_true_from_the_beginning_of_the_song_on() -> None:
    marked = Tags(RATE, Bext(b"take 3", frame=6_000), markers=(Marker(100, b"verse"),))
    song = laid({"kick": tone(), "vox": tone()}, {"kick": at(5_000), "vox": marked})
    vox = song.stem_tags["vox"]
    assert vox.bext is not None
    assert (vox.bext.frame, vox.bext.description) == (5_000, b"take 3")
    assert [one.frame for one in vox.markers] == [1_100]
    assert song.stem_tags["kick"] == at(5_000)
    assert song.tags == at(5_000)


def test_the_song_begins_with_the_first_whatever_its_rate() -> None:
    sounds = {"kick": tone(), "bass": tone(), "vox": tone(48_000)}
    said = {"kick": at(2 * RATE), "bass": at(3 * RATE), "vox": at(48_000, 48_000)}
    song = laid(sounds, said)
    assert starts(song) == [RATE, 2 * RATE, 0]
    assert song.tags == at(RATE)
