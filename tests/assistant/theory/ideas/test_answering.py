from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.material import Meter, Note
from assistant.settings import Bars
from assistant.theory.harmony import spelling
from assistant.theory.harmony.key import Key
from assistant.theory.harmony.progression import read_bars
from assistant.theory.harmony.roman import realise
from assistant.theory.ideas.answering import Answerer
from assistant.theory.ideas.choice import Wish
from assistant.theory.ideas.habit import rhythm_of
from assistant.theory.ideas.library import open_library
from assistant.theory.ideas.song import Song
from bridge.presets import data

VOCABULARY = ("I:maj", "II:min", "IV:maj", "V:maj", "VI:min", "V:7")


@dataclass(frozen=True)
class Recalled:
    after: tuple[str, ...]
    followers: dict[str, int]


@dataclass
class Heard:
    labels: list[str]
    beats: list[float]
    mode: str

    def memory_says(self) -> Recalled:
        return Recalled(tuple(self.labels[-1:]), {"I:maj": 3, "IV:maj": 1})


@dataclass(frozen=True)
class Drawing:
    chords: NDArray[np.int64]
    beats: NDArray[np.float64]
    style_bits: NDArray[np.float64]
    bits: NDArray[np.float64]


@dataclass(frozen=True)
class Known:
    times: float


@dataclass
class Dicer:
    """A style in which any chord may follow, and V goes to I."""

    vocabulary: tuple[str, ...] = VOCABULARY
    heard: list[Heard] = field(default_factory=list)

    def listen(self, labels: Sequence[str], beats: Sequence[float] | None, mode: str, /) -> Heard:
        assert set(labels) <= set(self.vocabulary)
        self.heard.append(Heard(list(labels), list(beats or ()), mode))
        return self.heard[-1]

    def sample(
        self,
        song: Heard,
        count: int,
        length: int,
        rng: np.random.Generator,
        /,
        *,
        allowed: NDArray[np.bool_] | None,
    ) -> Drawing:
        usable = np.arange(len(self.vocabulary)) if allowed is None else np.flatnonzero(allowed)
        chords = rng.choice(usable, (count, length))
        bits = rng.random(chords.shape)
        return Drawing(chords, np.full(chords.shape, 4.0), bits, bits)

    def followers(self, label: str, /) -> dict[str, Known]:
        return {"I:maj": Known(0.9)} if label.startswith("V:") else {"I:maj": Known(0.01)}

    def step(self, before: str, after: str, mode: str, /) -> None:
        """Count nothing."""


@dataclass(frozen=True)
class Way:
    chords: tuple[str, ...]
    likelihood: float


def answerer(model: Dicer, key: Key = Key(0)) -> Answerer:  # noqa: B008 - frozen
    moods = open_library(data).mood_of
    return Answerer(key, model, "pop", "pop songs", moods, Wish())


SONG = Song(read_bars("I | V | vi | IV | I | V | vi | V5"), Key(0))


def test_a_song_is_continued_from_what_was_heard() -> None:
    model = Dicer()
    ideas = list(islice(answerer(model).continued(SONG, 4, "auto", np.random.default_rng(0)), 9))
    assert {len(idea.bars) for idea in ideas} == {4}
    assert len({idea.bars for idea in ideas}) == 9
    assert all(idea.source.startswith("going on from your Am G5") for idea in ideas)
    assert model.heard[-1].labels[-2:] == ["VI:min", "V:maj"]  # V5 is V to who knows no V5
    assert model.heard[-1].beats == [4.0] * 8
    recalled = [idea for idea in ideas if str(idea.bars[0][0]) == "I"]
    assert recalled
    assert all("in your song I came after V 3 of 4 times" in idea.source for idea in recalled)


def test_bars_are_filled_and_the_others_stay() -> None:
    model = Dicer()
    filled = answerer(model).filled(SONG, [Bars(3, 4)], "auto", np.random.default_rng(0))
    ideas = list(islice(filled, 12))
    for idea in ideas:
        assert idea.bars[:2] == SONG.bars[:2]
        assert idea.bars[4:] == SONG.bars[4:]
        assert idea.bars[2:4] != SONG.bars[2:4]
        assert idea.fresh == (False, False, True, True, False, False, False, False)
    assert ideas[0].title == "bars 3 to 4 anew"
    assert str(ideas[0].bars[3][-1]).startswith("V")  # as bar 5 is I
    assert model.heard[0].labels == ["I:maj", "V:maj"]


def test_bars_are_filled_in_their_own_rhythm() -> None:
    song = Song(read_bars("I | V | IV ii | V"), Key(0))
    rng = np.random.default_rng(0)
    filled = answerer(Dicer()).filled(song, [Bars(2, 3)], "auto", rng, in_rhythm=True)
    ideas = list(islice(filled, 12))
    assert [len(idea.bars[1]) for idea in ideas] == [1] * 12
    assert max(len(idea.bars[2]) for idea in ideas) == 2


def test_paths_are_walked_at_the_pace_that_is_wanted() -> None:
    calm, busy = Way(("I:maj",) * 4 + ("V:maj",) * 4, -1.0), Way(("I:maj", "V:maj") * 4, -2.0)
    wished = replace(answerer(Dicer()), wish=Wish(density=1.0))
    assert next(wished.harmonised([calm, busy])).bars[0] == read_bars("I V")[0]
    assert next(answerer(Dicer()).harmonised([calm, busy])).bars[0] == read_bars("I")[0]


def test_the_first_and_the_last_bar_can_be_filled() -> None:
    for gap in (Bars(1, 1), Bars(8, 8), Bars(1, 8)):
        (idea,) = islice(answerer(Dicer()).filled(SONG, [gap], "auto", np.random.default_rng(1)), 1)
        assert len(idea.bars) == 8


def test_both_sides_of_what_stays_are_filled() -> None:
    gaps = [Bars(1, 2), Bars(5, 8)]
    filled = answerer(Dicer()).filled(SONG, gaps, "close", np.random.default_rng(0))
    ideas = list(islice(filled, 6))
    assert len({idea.bars for idea in ideas}) == 6
    for idea in ideas:
        assert idea.bars[2:4] == SONG.bars[2:4]
        assert idea.fresh == (True, True, False, False, True, True, True, True)
        assert idea.title == "bars 1 to 2 and bars 5 to 8 anew"
        assert str(idea.bars[-1][-1]) == "I"
        assert 0.0 < idea.fit <= 1.0


def test_what_fills_a_gap_keeps_clear_of_the_melody() -> None:
    grid = tuple(Meter(4.0 * bar, 4, 4) for bar in range(4))
    song = Song(read_bars("I | I | I | I"), Key(0), grid, melody=(Note(77.0, 4.0, 4.0),))  # F
    filled = answerer(Dicer()).filled(song, [Bars(2, 2)], "auto", np.random.default_rng(0))
    (first, *_) = islice(filled, 1)
    assert "E" not in [
        name
        for chord in first.bars[1]
        for name in map(spelling.name, realise(chord, song.key).tones)
    ]


def test_a_song_that_changes_on_bar_lines_goes_on_so() -> None:
    @dataclass
    class Restless(Dicer):
        """Chords of any length."""

        def sample(self, *args: Any, **asked: Any) -> Drawing:
            drawn = super().sample(*args, **asked)
            rng = np.random.default_rng(5)
            return replace(drawn, beats=rng.choice([2.0, 4.0, 8.0], drawn.chords.shape))

    ideas = list(
        islice(answerer(Restless()).continued(SONG, 2, "auto", np.random.default_rng(0)), 3)
    )
    assert [len(bar) for idea in ideas for bar in idea.bars] == [1] * 6


def test_the_likelier_goes_on_with_more_confidence() -> None:
    ideas = list(islice(answerer(Dicer()).continued(SONG, 4, "auto", np.random.default_rng(0)), 20))
    assert len({idea.fit for idea in ideas}) > 10
    assert all(0.5 < idea.fit <= 1.0 for idea in ideas)  # bits of the dicer lie between 0 and 1


def test_new_songs_hold_no_chord_for_long() -> None:
    for idea in islice(answerer(Dicer()).begun(8, "auto", np.random.default_rng(0)), 20):
        assert max(rhythm_of(idea.bars)) <= 4
        assert len({chord for bar in idea.bars for chord in bar}) >= 3


def test_paths_that_end_as_asked_come_first() -> None:
    ways = [Way(("I:maj",) * 4 + ("V:maj",) * 4, -1.0), Way(("V:maj",) * 4 + ("I:maj",) * 4, -3.0)]
    first, second = answerer(Dicer()).harmonised(ways, "close")
    assert str(first.bars[-1][-1]) == "I"
    assert str(second.bars[-1][-1]) == "V"
    assert str(next(answerer(Dicer()).harmonised(ways, "loop")).bars[-1][-1]) == "V"


def test_a_new_song_is_begun() -> None:
    (idea,) = islice(answerer(Dicer()).begun(8, "close", np.random.default_rng(0)), 1)
    assert len(idea.bars) == 8
    assert str(idea.bars[-1][-1]) == "I"
    assert idea.source == "drawn from what was learned of pop songs"


def test_a_new_song_in_minor_has_no_major_tonic() -> None:
    ideas = list(
        islice(answerer(Dicer(), Key(3, "minor")).begun(4, "auto", np.random.default_rng(0)), 20)
    )
    assert not [idea for idea in ideas for bar in idea.bars for chord in bar if str(chord) == "I"]


def test_harmonies_of_a_melody_are_said_once_each() -> None:
    paths = [
        Way(("I:maj", "I:maj", "V:maj", "V:7"), -2.0),
        Way(("I:maj", "I:maj", "V:maj", "V:7"), -3.0),
        Way(("VI:min", "VI:min", "IV:maj", "V:maj"), -4.0),
    ]
    ideas = list(answerer(Dicer()).harmonised(paths))
    assert [" ".join(str(chord) for bar in idea.bars for chord in bar) for idea in ideas] == [
        "I V V7",
        "vi IV V",
    ]
    assert ideas[0].fit == pytest.approx(np.exp(-0.25))
    assert ideas[0].bits is not None
    assert ideas[0].bits > 6.0  # I hardly goes to V here


def test_the_same_dice_answer_the_same() -> None:
    def answers(seed: int) -> Counter[object]:
        rng = np.random.default_rng(seed)
        return Counter(idea.bars for idea in islice(answerer(Dicer()).begun(4, "auto", rng), 5))

    assert answers(1) == answers(1)
    assert answers(1) != answers(2)
