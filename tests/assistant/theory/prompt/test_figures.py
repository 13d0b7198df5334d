from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import SettingError
from assistant.theory.prompt.figures import MOST_BARS, take_bars, take_bpm


@pytest.mark.parametrize(
    ("text", "bars", "rest"),
    [("12 bars blues", 12, "blues"), ("16 bars", 16, ""), ("eight bars", 8, ""),
     ("12 bar blues", 12, "12 bar blues"), ("twelve bar blues", 12, "twelve bar blues"),
     ("8 bar loop", 8, "loop"), ("thirty two measures", 32, ""), ("8 takte", 8, ""),
     ("8 bars 8 bars", 8, ""), ("8小節", 8, ""), ("sad song", None, "sad song"),
     ("the last 4 bars", None, "the last 4 bars"), ("every 2 bars", None, "every 2 bars"),
     ("bars", None, "bars")],
)  # fmt: skip
def test_a_length_is_read(text: str, bars: int | None, rest: str) -> None:
    found, said, left = take_bars(text)
    assert found == bars
    assert " ".join(left.split()) == rest
    assert all(each.endswith(" as the length") for each in said)
    assert bool(said) == (bars is not None)


@pytest.mark.parametrize(
    ("text", "said"),
    [("8 bars or 16 bars", "8 bars and 16 bars; it takes one length"),
     ("100 bars", "100 bars; it takes 1 to 64"), ("0 bars", "0 bars; it takes 1 to 64")],
)  # fmt: skip
def test_a_length_that_cannot_be_is_refused(text: str, said: str) -> None:
    with pytest.raises(SettingError, match=said):
        take_bars(text)


@given(st.integers(1, MOST_BARS))
def test_every_length_that_a_stage_takes(bars: int) -> None:
    assert take_bars(f"sad {bars} bars")[0] == bars


def test_a_tempo_is_read_and_two_are_refused() -> None:
    bpm, rest = take_bpm("sad 96 bpm song")
    assert (bpm, rest.split()) == (96.0, ["sad", "song"])
    assert take_bpm("sad song") == (None, "sad song")
    with pytest.raises(SettingError, match="90 bpm and 120 bpm; it takes one tempo"):
        take_bpm("90 bpm 120 bpm")
