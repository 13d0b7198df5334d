from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.theory.harmony.form import Ending
from assistant.theory.harmony.key import Key, read_key
from assistant.theory.harmony.progression import read_bars
from assistant.theory.ideas.choice import Wish
from assistant.theory.ideas.following import Around, bars_said, ends_well, follow, spans_of
from assistant.theory.ideas.habit import Habit
from assistant.theory.ideas.library import open_library
from bridge.presets import data

MOODS = open_library(data).mood_of
VOCABULARY = ("I:maj", "II:min", "IV:maj", "V:maj", "VI:min", "bVI:maj", "IV:min", "V:7")


@dataclass(frozen=True)
class Drawing:
    chords: NDArray[np.int64]
    beats: NDArray[np.float64]
    style_bits: NDArray[np.float64]
    bits: NDArray[np.float64]


def drawing(rows: list[str], bits: list[float], beats: float = 4.0) -> Drawing:
    chords = np.array([[VOCABULARY.index(label) for label in row.split()] for row in rows])
    shape = chords.shape
    each = np.repeat(np.array(bits)[:, None], shape[1], axis=1)
    return Drawing(chords, np.full(shape, beats), each, each)


def offered(
    made: Drawing,
    wish: Wish,
    count: int = 2,
    ending: Ending = "auto",
    around: Around = Around(),  # noqa: B008 - frozen
) -> list[str]:
    key = Key(0)
    drawn = follow(made, VOCABULARY, MOODS, key, wish, count, ends_well(ending, key), around)
    return [" | ".join(" ".join(map(str, bar)) for bar in each.bars) for each in drawn]


def test_chords_are_laid_out_on_half_bars() -> None:
    made = drawing(["I:maj V:maj VI:min"], [1.0], beats=2.0)
    assert offered(made, Wish(), count=2) == ["I V | vi"]
    assert offered(drawing(["I:maj V:maj VI:min"], [1.0]), Wish(), count=2) == ["I | V"]


def test_surprise_takes_the_more_unexpected() -> None:
    made = drawing(["I:maj V:maj", "I:maj bVI:maj", "I:maj IV:min"], [1.0, 3.0, 5.0])
    assert offered(made, Wish(surprise=0.0))[0] == "I | V"
    assert offered(made, Wish(surprise=1.0))[0] == "I | iv"


def test_a_dark_mood_takes_darker_chords() -> None:
    made = drawing(["I:maj IV:maj", "VI:min IV:min"], [2.0, 2.0])
    dark, bright = Wish(place=(-0.9, -0.3), surprise=0.5), Wish(place=(0.9, 0.3), surprise=0.5)
    assert offered(made, dark)[0] == "vi | iv"
    assert offered(made, bright)[0] == "I | IV"


def test_the_same_is_offered_once_and_what_is_alike_late() -> None:
    rows = ["I:maj V:maj", "I:maj V:maj", "I:maj V:7", "VI:min IV:maj"]
    found = offered(drawing(rows, [1.0, 1.0, 1.0, 1.5]), Wish(surprise=0.0))
    assert len(found) == 3
    assert found.index("vi | IV") == 1


@pytest.mark.parametrize(
    ("ending", "start", "end", "well"),
    [
        ("close", "IV:maj", "I:maj", True),
        ("close", "I:maj", "V:maj", False),
        ("loop", "I:maj", "V:7", True),
        ("loop", "I:maj", "I:maj", False),
        ("auto", "VI:min", "I:maj", True),
        ("auto", "II:min", "bVI:maj", False),
    ],
)
def test_an_end_is_judged(ending: Ending, start: str, end: str, well: bool) -> None:
    welcome = 0.8 if ending == "auto" else 3.0  # what was asked for by name goes before the rest
    assert ends_well(ending, Key(0))(start, end) == (welcome if well else 0.0)


def test_bits_count_what_is_heard_only() -> None:
    made = drawing(["I:maj V:maj VI:min IV:maj"], [1.0])
    made.style_bits[0, 2:] = 9.0
    key = Key(0)
    (drawn,) = islice(follow(made, VOCABULARY, MOODS, key, Wish(), 2, ends_well("auto", key)), 1)
    assert drawn.bits == pytest.approx(1.0)


def test_labels_and_bars_go_to_and_fro() -> None:
    bars = read_bars("I | I V | vi")
    spans = spans_of(bars, lambda bar: [f"{chord}" for chord in bar])
    assert spans == [("I", 6.0), ("V", 2.0), ("vi", 4.0)]
    key = read_key("A minor")
    assert [str(bar[0]) for bar in bars_said(["I:min", "I:min", "bVI:maj", "V:7"], key)] == [
        "i",
        "VI",
    ]


def test_a_rhythm_is_kept_where_it_is_given() -> None:
    made = drawing(["I:maj V:maj VI:min IV:maj"], [1.0], beats=2.0)
    key = Key(0)
    judge = ends_well("auto", key)
    around = Around(rhythm=(2, 5, 1))
    (drawn,) = follow(made, VOCABULARY, MOODS, key, Wish(), 4, judge, around)
    assert drawn.bars == read_bars("I | V | V | V vi")


def test_as_many_chords_are_taken_as_are_wanted() -> None:
    made = drawing(["I:maj I:maj I:maj IV:maj", "I:maj V:maj VI:min IV:maj"], [2.0, 2.0], beats=2.0)
    assert offered(made, Wish(density=0.0))[0] == "I | I IV"
    assert offered(made, Wish(density=1.0))[0] == "I V | vi IV"


def test_what_the_song_would_do_goes_before_what_it_hardly_would() -> None:
    made = drawing(["I:maj V:maj", "I:maj IV:maj"], [2.0, 2.0])
    made.bits[:] = [[6.0, 6.0], [0.5, 0.5]]
    habit = Habit(longest=4)
    assert offered(made, Wish(), around=Around(habit=habit))[0] == "I | IV"
    (first, _) = follow(made, VOCABULARY, MOODS, Key(0), Wish(), 2, lambda *_: 0.0,
                        Around(habit=habit))  # fmt: skip
    assert first.odds == pytest.approx(2.0**-0.5)


def test_chords_change_as_the_song_does_or_come_last() -> None:
    rows = ["I:maj V:maj VI:min IV:maj"] * 2
    made = drawing(rows, [1.0, 1.0])
    made.beats[0] = [2.0, 4.0, 4.0, 6.0]
    kept = Around(habit=Habit(longest=2))
    assert offered(made, Wish(), count=4, around=kept) == [
        "I | V | vi | IV",
        "I V | V vi | vi IV | IV",
    ]
    strict = Around(habit=Habit(longest=2), strict=True)
    assert offered(made, Wish(), count=4, around=strict) == ["I | V | vi | IV"]


def test_chords_that_rub_against_the_melody_come_after_those_that_do_not() -> None:
    made = drawing(["I:maj IV:min", "I:maj IV:maj"], [1.0, 1.0])
    rubs = np.zeros((4, len(VOCABULARY)))
    rubs[2:, VOCABULARY.index("IV:maj")] = 2.0
    assert offered(made, Wish(), around=Around(rubs=rubs))[0] == "I | iv"
    assert offered(made, Wish(), around=Around(rubs=rubs[::-1]))[0] == "I | IV"
