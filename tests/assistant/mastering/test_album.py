from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from assistant.dsp.loudness import measure
from assistant.errors import MaterialError
from assistant.mastering.album import (
    Album,
    as_one,
    hear_album,
    master_album,
    own_loudness,
)
from assistant.mastering.finishing import Delivery
from assistant.mastering.mastered import Goal
from assistant.mastering.ways import Way
from assistant.material import Audio, Session, Stem
from assistant.steps import result
from tests.assistant.mastering.songs import RATE, peak_16, song, zeros

LEVELS = (0.3, 0.1, 0.2)
TRACKS = Session(tuple(Stem(f"{n}", song(3.0 + n, level=level)) for n, level in enumerate(LEVELS)))
HEARD = result(hear_album(TRACKS))


def mastered(loudness: float, rule: Any = "whole", *, limits: bool = True) -> Album:
    goal = Goal(loudness, -1.0, RATE, Delivery(32, "none"), limits)
    return result(master_album(TRACKS, HEARD, Way("", ""), goal, rule, None, zeros))


def in_a_row(tracks: list[Audio]) -> float:
    return measure(Audio(np.concatenate([one.samples for one in tracks], axis=1), RATE)).integrated


def test_an_album_is_heard_as_its_loudest_track_with_the_tone_of_all() -> None:
    one = as_one(HEARD)
    assert one.loudness == HEARD[0].loudness
    assert one.spectrum.seconds == pytest.approx(sum(each.spectrum.seconds for each in HEARD))


def test_its_own_loudness_goes_by_the_rule() -> None:
    whole = own_loudness(TRACKS, HEARD, "whole")
    assert whole == pytest.approx(in_a_row([stem.audio for stem in TRACKS.stems]), abs=0.05)
    assert own_loudness(TRACKS, HEARD, "loudest") == HEARD[0].loudness.integrated
    assert whole < HEARD[0].loudness.integrated


@pytest.mark.parametrize("loudness", [-22.0, -13.0])
def test_one_gain_takes_all_of_it_to_the_loudness(loudness: float) -> None:
    made = mastered(loudness)
    audios = [track.finished.kept.audio for track in made.tracks]
    assert made.integrated == pytest.approx(loudness, abs=0.05)
    assert in_a_row(audios) == pytest.approx(loudness, abs=0.05)
    assert {track.finished.master.gain_db for track in made.tracks} == {made.gain_db}
    assert all(peak_16(one.samples) <= -1.0 for one in audios)


def test_the_loudest_track_has_the_loudness_where_that_is_the_rule() -> None:
    made = mastered(-12.0, "loudest")
    assert made.loudest.name == "0"
    assert made.loudest.loudness.integrated == pytest.approx(-12.0, abs=0.05)


def test_without_a_limiter_no_track_is_limited() -> None:
    made = mastered(-9.0, limits=False)
    assert all(track.finished.master.limiting_db == 0.0 for track in made.tracks)
    peaks = [peak_16(track.finished.kept.audio.samples) for track in made.tracks]
    assert -1.2 < max(peaks) <= -1.0


def test_a_silent_track_is_refused_by_its_name() -> None:
    silent = Session((*TRACKS.stems, Stem("gap", Audio(zeros((2, RATE)), RATE))))
    with pytest.raises(MaterialError, match="Track 'gap': The audio is silent"):
        result(hear_album(silent))


def test_progress_rises() -> None:
    goal = Goal(-13.0, -1.0, 48_000, Delivery(16, "tpdf"))
    shares = list(master_album(TRACKS, HEARD, Way("", ""), goal, "whole", None, zeros))
    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(1.0)
