"""Where words and melody rub, said bar by bar."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.theory.verse.accents import BEAT
from assistant.theory.verse.alignment import Spot, Step, SungSyllable
from assistant.theory.verse.syllables import STRONG, WEAK

__all__ = ["Place", "counted", "places_of"]

_NAMES = ((3.9, "whole"), (2.9, "dotted half"), (1.9, "half"), (1.4, "dotted quarter"),
          (0.9, "quarter"), (0.7, "dotted eighth"), (0.45, "eighth"), (0.0, "short"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """A place where words and melody rub: the bar from 1, the beat from 1.0, and what rubs there.

    `kind` is ``crowded``, ``stress``, ``broken``, ``held``, ``silent`` or ``missing``.
    """

    bar: int
    beat: float
    kind: str
    text: str


def places_of(
    steps: Sequence[Step], sung: Sequence[SungSyllable], spots: Sequence[Spot]
) -> Iterator[Place]:
    """Say where it rubs.

    Parameters
    ----------
    steps : sequence of Step
        How the words were laid.
    sung, spots : sequence of SungSyllable, of Spot
        What was laid where.

    Yields
    ------
    Place
        Not in order of place.
    """
    missing: list[str] = []
    silent: list[Spot] = []
    for step in steps:
        if step.held == 0:
            one = sung[step.first]
            missing += [] if one.optional else [one.text]
        elif step.taken == 0:
            silent.append(spots[step.note])
        elif step.taken > 1:
            taken = sung[step.first : step.first + step.taken]
            yield _crowded(taken, spots[step.note])
        else:
            yield from _rubs(sung[step.first], spots[step.note : step.note + step.held])
    if silent:
        text = f"{counted(len(silent), 'note')} left without words, the first here"
        yield _place(silent[0], "silent", text)
    if missing:
        text = f"no note is left for {counted(len(missing), 'syllable')}: {' '.join(missing[:8])}"
        yield _place(spots[-1], "missing", text)


def _rubs(one: SungSyllable, held: Sequence[Spot]) -> Iterator[Place]:
    spot = held[0]
    if spot.opens and not one.begins:
        yield _place(spot, "broken", f"a rest breaks '{one.word}' before '{one.text}'")
    if one.stress == STRONG and spot.weight < BEAT:
        text = f"the stressed {_named(one)} falls between the beats"
        yield _place(spot, "stress", text)
    if one.stress == WEAK and spot.weight > BEAT and not one.whole:
        text = f"the unstressed {_named(one)} falls on a strong beat"
        yield _place(spot, "stress", text)
    if len(held) > 2:
        text = f"'{one.text}' is held over {counted(len(held), 'note')}"
        yield _place(spot, "held", text)


def _crowded(taken: Sequence[SungSyllable], spot: Spot) -> Place:
    name = next(name for length, name in _NAMES if spot.note.length >= length)
    words = " ".join(dict.fromkeys(one.word for one in taken))
    extra = counted(len(taken) - 1, "syllable")
    parts = "split" if len(taken) == 2 else f"split in {len(taken)}"
    text = f"{extra} more than notes: '{words}' would need the {name} note {parts}"
    return _place(spot, "crowded", text)


def _named(one: SungSyllable) -> str:
    return f"'{one.text}'" if one.whole else f"'{one.text}' of '{one.word}'"


def counted(number: int, noun: str) -> str:
    """Say how many there are of something: ``"1 note"``, ``"2 notes"``."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _place(spot: Spot, kind: str, text: str) -> Place:
    return Place(spot.bar, spot.beat, kind, text)
