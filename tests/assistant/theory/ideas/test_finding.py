"""Where ideas come from, with the models that are shipped."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import islice

import pytest

from assistant.contract import Context
from assistant.material import Meter, Note
from assistant.models import opening
from assistant.settings import Bars
from assistant.theory.harmony.change import CHANGES, Change
from assistant.theory.harmony.form import Ending
from assistant.theory.harmony.key import Key
from assistant.theory.harmony.progression import read_bars
from assistant.theory.ideas.answering import Answerer
from assistant.theory.ideas.choice import Wish
from assistant.theory.ideas.finding import Finder
from assistant.theory.ideas.habit import rhythm_of
from assistant.theory.ideas.idea import Idea
from assistant.theory.ideas.library import open_library
from assistant.theory.ideas.plan import Plan
from assistant.theory.ideas.rubbing import Rubbing
from assistant.theory.ideas.song import Song
from assistant.theory.ideas.ways import Way
from assistant.theory.prompt.words import Reading
from bridge.presets import data, weights

LIBRARY = open_library(data)
PLAN = Plan(Wish(), None, 0, None, None, 1.0, None, None, Reading(), None)
GRID = tuple(Meter(4.0 * bar, 4, 4) for bar in range(8))
TUNE = tuple(Note(float(pitch), 2.0 * at, 2.0) for at, pitch in enumerate((72, 76, 74, 71) * 4))
SONG = Song(read_bars("I | V | vi | IV | I | V | vi | IV"), Key(0), GRID)


@dataclass(frozen=True)
class Asked:
    bars: int | None = None
    ending: Ending = "auto"
    within: Bars | None = None
    keep_bars: Bars | None = None
    change: Change = "none"
    complexity: float | None = None
    keep: tuple[str, ...] = ()


@dataclass(frozen=True)
class Way4:
    """Four bars for the tune."""

    chords: tuple[str, ...]
    likelihood: float = -3.0


PATH = Way4(("I:maj", "I:maj", "V:maj", "V:maj") * 4)


def found(
    asked: Asked, way: Way = "new", song: Song | None = None, plan: Plan = PLAN, seed: int = 0,
    count: int = 9,
) -> list[Idea]:  # fmt: skip
    context = Context(seed, count, data, weights=weights)

    def answerer(key: Key) -> Answerer:
        model = opening.next_chord(context, "pop")
        return Answerer(key, model, "pop", "pop songs", LIBRARY.mood_of, plan.wish)

    finder = Finder(plan, song, way, LIBRARY, asked, answerer, lambda *_: [PATH], context.rng)
    return list(islice(finder.ideas(context.rng(0)), count))


def learned(ideas: list[Idea]) -> list[int]:
    return [at for at, idea in enumerate(ideas) if idea.source.startswith("drawn from what")]


def styled(style: str) -> Plan:
    return replace(PLAN, wish=Wish(style=style), feel=style)


@pytest.mark.parametrize("style", LIBRARY.styles)
def test_what_was_learned_is_offered_in_styles_it_was_learned_from(style: str) -> None:
    near = style in {"pop", "rock", "soul", "folk", "country"}
    assert learned(found(Asked(), plan=styled(style))) == ([2, 5, 8] if near else [])


def test_what_was_learned_is_dressed_as_the_style_is_and_moves() -> None:
    for seed in range(4):
        ideas = found(Asked(), plan=styled("soul"), seed=seed)
        drawn = [ideas[at] for at in learned(ideas)]
        assert drawn
        for idea in drawn:
            chords = [chord for bar in idea.bars for chord in bar]
            assert not {"maj", "min"} & {chord.kind for chord in chords}
            assert max(rhythm_of(idea.bars)) <= 4
            assert len(set(chords)) >= 3


def test_other_styles_throw_other_dice() -> None:
    drawn = {found(Asked(), plan=styled(style))[2].bars for style in ("pop", "rock", "folk")}
    assert len(drawn) == 3


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize(
    ("named", "stay"),
    [(Asked(within=Bars(3, 4)), (0, 1, 4, 5, 6, 7)), (Asked(keep_bars=Bars(3, 4)), (2, 3))],
)
def test_bars_that_stay_are_not_changed(
    named: Asked, stay: tuple[int, ...], change: Change
) -> None:
    for idea in found(replace(named, change=change, complexity=0.9), "replace", SONG):
        assert [idea.bars[place] for place in stay] == [SONG.bars[place] for place in stay]


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("way", ["harmonise", "vary", "replace"])
def test_changes_do_not_rub_against_the_melody(way: Way, change: Change) -> None:
    song = replace(SONG, bars=read_bars("I | V | I | V | I | V | I | V"), melody=TUNE)
    melody = Rubbing(song)
    asked = Asked(change=change, within=Bars(2, 7))
    plain = found(replace(asked, change="none"), way, song, count=60)
    for idea in found(asked, way, song):
        assert any(
            all(melody.beats(at, bar) <= melody.beats(at, was)
                for at, (bar, was) in enumerate(zip(idea.bars, other.bars, strict=True)))
            for other in plain
        )  # fmt: skip


def test_novelty_is_measured_after_the_change() -> None:
    plain = found(Asked(within=Bars(3, 4)), "replace", SONG, count=60)
    darker = found(Asked(within=Bars(3, 4), change="darker"), "replace", SONG, count=60)
    changed = [idea for idea in darker if idea.changes]
    assert changed
    assert {idea.bits for idea in changed}.isdisjoint({idea.bits for idea in plain})


def test_what_could_not_be_changed_comes_last() -> None:
    ideas = found(Asked(within=Bars(3, 4), change="darker"), "replace", SONG, count=60)
    told = [bool(idea.changes) for idea in ideas]
    assert told == sorted(told, reverse=True)


def test_a_melody_is_harmonised_as_a_style_dresses_chords() -> None:
    song = replace(SONG, bars=(), melody=TUNE)
    (jazz,) = found(Asked(), "harmonise", song, styled("jazz"))
    assert [str(chord) for chord in jazz.bars[0]] == ["Iadd6"]  # Imaj7 would rub against C
    (plain,) = found(Asked(), "harmonise", song)
    assert [str(chord) for chord in plain.bars[0]] == ["I"]


def test_songs_in_three_are_at_home_in_folk_and_classical_music() -> None:
    waltz = replace(PLAN, meter=Meter(0.0, 3, 4))
    for seed in range(4):
        assert {idea.style for idea in found(Asked(), plan=waltz, seed=seed)[:2]} <= {
            "folk", "classical",
        }  # fmt: skip


def test_named_forms_last_as_long_as_they_do() -> None:
    lengths = {idea.title: len(idea.bars) for seed in range(6)
               for idea in found(Asked(), plan=styled("blues"), seed=seed)}  # fmt: skip
    assert {length for title, length in lengths.items() if "twelve-bar" in title} == {12}
    assert {len(idea.bars) for idea in found(Asked(bars=8), plan=styled("blues"))} == {8}
