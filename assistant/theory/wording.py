"""What is said about an idea: its title, and a few sentences with the evidence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.contract import ChordMark
from assistant.material import Meter
from assistant.theory.idea import Idea
from assistant.theory.plan import Plan

__all__ = ["Evidence", "listed", "title_of", "why_of"]

_SHOWN_IN_TITLE = 4
_SHOWN_IN_WHY = 12
_UNKNOWN_SHOWN = 6


@dataclass(frozen=True)
class Evidence:
    """What is known of an idea once it is played.

    Parameters
    ----------
    idea : Idea
        What is played.
    marks : tuple of ChordMark
        Its chords.
    end : str
        How it ends, in words that follow "it".
    novelty : str
        How unexpected it is, and beside what: ``"2.1 bits a chord, rarer than 40 % of the shelf"``.
    movement : float
        Semitones a voice a change.
    bpm : float
        Quarter notes a minute.
    meter : Meter
        Its metre.
    feel : str
        The style of its rhythm.
    sound : str
        By whom it was played; ``""`` where it was not.
    """

    idea: Idea
    marks: tuple[ChordMark, ...]
    end: str
    novelty: str
    movement: float
    bpm: float
    meter: Meter
    feel: str
    sound: str = ""


def title_of(evidence: Evidence) -> str:
    """Name an idea by its first chords, what it goes by, and its key."""
    symbols = [mark.symbol for mark in evidence.marks]
    shown = " ".join(symbols[:_SHOWN_IN_TITLE])
    more = " ..." if len(symbols) > _SHOWN_IN_TITLE else ""
    return f"{shown}{more} ({evidence.idea.title}, {evidence.idea.key})"


def why_of(evidence: Evidence, plan: Plan) -> str:
    """Say in a few sentences why an idea was made as it was."""
    sentences = (
        _harmony(evidence),
        _mood(evidence.idea, plan),
        *_prompt(plan),
        *_song(plan),
        _craft(evidence),
    )
    return " ".join(f"{sentence}." for sentence in sentences if sentence)


def _harmony(evidence: Evidence) -> str:
    romans = [mark.roman for mark in evidence.marks]
    more = " ..." if len(romans) > _SHOWN_IN_WHY else ""
    numerals = " ".join(romans[:_SHOWN_IN_WHY])
    changes = f", with {listed(evidence.idea.changes)}" if evidence.idea.changes else ""
    return f"In {evidence.idea.key}: {numerals}{more}, {evidence.idea.source}{changes}"


def _mood(idea: Idea, plan: Plan) -> str:
    if plan.reading.place is None:
        return f"It tends to sound {listed(idea.moods)}" if idea.moods else ""
    valence, arousal = plan.reading.place
    sounds = f"It tends to sound {listed(idea.moods)}" if idea.moods else "Its chords tend to be"
    return (
        f"{sounds}, {idea.distance:.2f} from what you ask for"
        f" (valence {valence:+.2f}, arousal {arousal:+.2f})"
    )


def _prompt(plan: Plan) -> Iterator[str]:
    if plan.reading.understood:
        yield f"Your words were taken as {listed(plan.reading.understood)}"
    unknown = plan.reading.unknown
    if unknown:
        named = listed([repr(word) for word in unknown[:_UNKNOWN_SHOWN]])
        more = len(unknown) - _UNKNOWN_SHOWN
        yield f"Not understood: {named}" + (f" and {more} more" if more > 0 else "")


def _song(plan: Plan) -> Iterator[str]:
    heard = plan.heard
    if heard is None:
        return
    sure = round(100 * heard.confidence)
    followed = "" if plan.key == heard.key else f", but {plan.key} was asked for"
    yield (
        f"Your song was heard in {heard.key} ({sure} % sure, else {heard.second})"
        f" at {heard.bpm:g} BPM in {heard.meter.numerator}/{heard.meter.denominator}{followed}"
    )


def _craft(evidence: Evidence) -> str:
    meter = f"{evidence.meter.numerator}/{evidence.meter.denominator}"
    parts = (
        evidence.novelty,
        evidence.idea.form,
        f"it {evidence.end}",
        f"voices move {evidence.movement:.1f} semitones a change",
        f"{evidence.bpm:g} BPM in {meter} with a {evidence.feel} rhythm",
        evidence.sound,
    )
    said = "; ".join(part for part in parts if part)
    return said[0].upper() + said[1:]


def listed(words: Sequence[str]) -> str:
    """Join words as in a sentence: commas, and "and" before the last."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"
