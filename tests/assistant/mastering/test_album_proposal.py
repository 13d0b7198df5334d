from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from assistant.contract import Suggestion
from assistant.mastering.album import hear_album
from assistant.mastering.album_proposal import AlbumGround, proposed_album
from assistant.mastering.finishing import Delivery
from assistant.mastering.genres import NEUTRAL
from assistant.mastering.lossy import read
from assistant.mastering.mastered import Goal
from assistant.mastering.playback import load_platforms
from assistant.mastering.ways import Way
from assistant.material import Audio, Session, Stem
from assistant.steps import result
from bridge import presets
from tests.assistant.mastering.songs import RATE, song, zeros
from tests.assistant.mastering.spectra import CURVES

WAY = Way("Plain", "plainly done", cleaned="1 dB less of it: too much", chosen="Because.")
TWO = Session((Stem("one", song(4.0)), Stem("two", song(3.0, level=0.1))))


def proposed(
    tracks: Session = TWO, loudness: float = -13.0, codecs: str = "", **more: Any
) -> Suggestion:
    report, rule = more.pop("report", False), more.pop("rule", "whole")
    goal = Goal(loudness, -1.0, RATE, Delivery(32, "none", read(codecs)), **more)
    platforms = load_platforms(presets.data)
    ground = AlbumGround(
        tracks, result(hear_album(tracks)), rule, None, zeros,
        CURVES[NEUTRAL], platforms, ("spotify",), report,
    )  # fmt: skip
    return result(proposed_album(ground, WAY, goal))


def nearest(told: str) -> float:
    return float(re.findall(r"nearest (?:sensible )?target[^-]*is (-[\d.]+) LUFS", told)[0])


def test_an_album_is_told_as_a_whole_and_track_by_track() -> None:
    one = proposed()
    assert one.title == "Plain, album at -13.0 LUFS"
    for words in ("One gain of", "2 tracks", "Because.", "1 dB less of it: too much.", "two -"):
        assert words in one.why
    assert list(one.material) == ["stem.one", "stem.two"]
    assert one.measured["album"].after == pytest.approx(-13.0, abs=0.05)
    assert {"one integrated", "two true_peak", "spotify_gain"} <= set(one.measured)


def test_one_track_is_one_track() -> None:
    assert "for 1 track," in proposed(Session(TWO.stems[:1])).why


def test_a_page_a_track_is_drawn_where_it_is_wanted() -> None:
    pages = proposed(report=True).material
    assert "Plain: one" in str(pages["report"])
    assert "Plain: two" in str(pages["report.two"])


def test_a_clipped_track_and_a_missing_check_are_told_by_name() -> None:
    cut = Stem("cut", Audio(np.clip(8.0 * song(4.0).samples, -1.0, 1.0), RATE))
    one = proposed(Session((cut, *TWO.stems)), -20.0, "aac 128")
    assert "cut: It came clipped" in one.why
    assert "two: The codec check was not made" in one.why
    assert one.confidence < proposed(TWO, -20.0).confidence


@pytest.mark.parametrize("rule", ["whole", "loudest"])
def test_an_album_that_falls_short_says_which_track_holds_it_and_what_it_reaches(rule: str) -> None:
    peaky = song(3.0, level=0.1).samples.copy()
    peaky[:, RATE] = 0.9
    tracks = Session((Stem("even", song(4.0)), Stem("peaky", Audio(peaky, RATE))))
    short = proposed(tracks, -9.0, limits=False, rule=rule)
    assert "gets no nearer to -9.0 LUFS: the peaks of peaky come to the ceiling first" in short.why
    assert short.confidence < proposed(tracks, -30.0, limits=False, rule=rule).confidence
    reaches = proposed(tracks, nearest(short.why), limits=False, rule=rule)
    assert "nearest" not in reaches.why


def test_an_album_with_much_limiting_says_which_track_and_what_needs_less() -> None:
    much = proposed(TWO, -8.0)
    assert "one is limited most" in much.why
    assert "plainly heard" not in proposed(TWO, nearest(much.why)).why
