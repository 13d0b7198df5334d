from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.theory.harmony.form import Ending, end, ending_of, fit, leads_to, paced
from assistant.theory.harmony.key import Key
from assistant.theory.harmony.modes import in_mode
from assistant.theory.harmony.progression import Bar, Progression, flat, read_bars
from assistant.theory.harmony.roman import read_numeral
from assistant.theory.ideas.library import open_library
from bridge.presets import data

PROGRESSIONS = open_library(data).progressions

progressions = st.sampled_from(PROGRESSIONS)


def said(bars: tuple[Bar, ...]) -> str:
    return " | ".join(" ".join(str(chord) for chord in bar) for bar in bars)


@pytest.mark.parametrize(
    ("bars", "count", "fitted"),
    [("I | V | vi | IV", 4, "I | V | vi | IV"),
     ("I | V | vi | IV", 8, "I | V | vi | IV | I | V | vi | IV"),
     ("I | V | vi | IV", 6, "I | V | vi | IV | vi | IV"),
     ("I | V | vi | IV", 3, "I | vi | IV"),
     ("I | V | vi | IV", 2, "I V | vi IV"),
     ("I | V | vi | IV", 1, "I IV"),
     ("I | I | V | V", 2, "I | V"),
     ("I | V | I | I", 1, "I V"),
     ("I | I", 1, "I")],
)  # fmt: skip
def test_a_progression_is_made_to_last(bars: str, count: int, fitted: str) -> None:
    assert said(fit(read_bars(bars), count)[0]) == fitted


@given(progressions, st.integers(1, 64))
def test_any_length_begins_and_ends_as_the_progression_does(
    progression: Progression, count: int
) -> None:
    bars = progression.bars
    fitted, how = fit(bars, count)
    assert len(fitted) == count
    assert fitted[0][0] == bars[0][0]
    assert count == 1 or fitted[-1][-1] == bars[-1][-1]
    assert bool(how) == (count != len(bars))


@given(progressions, st.integers(1, 64), st.sampled_from(["auto", "loop"]))
def test_an_idea_comes_to_rest_or_leads_back(
    progression: Progression, count: int, ending: Ending
) -> None:
    family = progression.family
    bars = end(fit(progression.bars, count)[0], ending, family, family)
    assert len(bars) == count
    words = ending_of(flat(bars), family)
    if ending == "loop" and count > 1:
        first, last = bars[0][0], bars[-1][-1]
        assert leads_to(last, first, family) or last.degree == 1
    assert words.startswith("comes to rest") or "leads back" in words


@given(progressions, st.integers(2, 64))
def test_a_close_rests_on_the_tonic_after_a_chord_that_leads_there(
    progression: Progression, count: int
) -> None:
    family = progression.family
    bars = end(fit(progression.bars, count)[0], "close", family, family)
    assert len(bars) == count
    tonic, before = bars[-1][-1], bars[-2][-1]
    assert (tonic.degree, tonic.accidental, tonic.inversion) == (1, 0, 0)
    assert leads_to(before, tonic, family)
    assert before.degree not in {1, 2} or before.accidental


@pytest.mark.parametrize(
    ("mode", "vamp", "home"),
    [("mixolydian", "I | I | IV | vi", "bVII"), ("phrygian", "i | i | iv | III", "bII"),
     ("dorian", "i | i | IV | III", "VII"), ("major", "I | I | ii | vi", "V"),
     ("minor", "i | VII | iv | III", "VII"), ("minor", "i | V | iv | III", "V"),
     ("major", "Imaj7 | ii7 | IVmaj7 | vi7", "V7")],
)  # fmt: skip
def test_the_way_home_is_that_of_the_mode(mode: str, vamp: str, home: str) -> None:
    bars = end(read_bars(vamp), "loop", mode, Key(0, mode).family)
    assert str(bars[-1][-1]) == home


def test_a_turnaround_keeps_the_chord_before_it() -> None:
    assert (
        said(end(read_bars("I | IV | ii | vi"), "auto", "major", "major")) == "I | IV | ii | vi V"
    )


@pytest.mark.parametrize(
    ("chord", "target", "leads"),
    [("V", "I", True), ("IV", "I", True), ("bVII", "I", True), ("bII7", "I", True),
     ("vii°", "I", True), ("vi", "I", False), ("iii", "I", False), ("V", "vi", True),
     ("V7/ii", "ii", True), ("#iv°7", "V", True)],
)  # fmt: skip
def test_what_leads_where(chord: str, target: str, leads: bool) -> None:
    assert leads_to(read_numeral(chord), read_numeral(target), "major") is leads


def test_locrian_closes_on_its_own_tonic() -> None:
    bars = in_mode(read_bars("i | bII | i | VI"), Key(0, "locrian"))
    assert bars is not None
    assert str(end(bars, "close", "locrian", "minor")[-1][-1]) == "i°"


@pytest.mark.parametrize(
    ("pace", "made"),
    [
        (1.0, "I | V | vi | IV"),
        (2.0, "I V | vi IV"),
        (0.5, "I | I | V | V | vi | vi | IV | IV"),
        (1.3, "I | V | vi | IV"),
    ],
)
def test_chords_change_as_often_as_is_wanted(pace: float, made: str) -> None:
    assert paced(read_bars("I | V | vi | IV"), pace) == read_bars(made)


def test_an_odd_number_of_bars_is_paired_over_two_rounds() -> None:
    assert paced(read_bars("I | V | vi"), 2.0) == read_bars("I V | vi I | V vi")


@given(st.sampled_from(PROGRESSIONS), st.floats(0.5, 2.0))
def test_a_pace_changes_no_chord(each: Progression, pace: float) -> None:
    bars = paced(each.bars, pace)
    assert set(flat(bars)) == set(flat(each.bars))
    assert flat(bars)[0] == flat(each.bars)[0]


def test_power_chords_end_in_power_chords() -> None:
    assert said(end(read_bars("I5 | bII5 | I5 | bV5"), "auto", "minor", "minor")).endswith("bV5 V5")
    assert said(end(read_bars("I5 | VI5 | I5 | bV5"), "close", "minor", "minor")) == (
        "I5 | VI5 | I5 V5 | I5"
    )
