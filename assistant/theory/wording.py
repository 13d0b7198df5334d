"""What is said about an idea: its title, and one sentence with the evidence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.contract import ChordMark
from assistant.material import Meter
from assistant.theory.choice import Choice
from assistant.theory.key import Key
from assistant.theory.plan import Plan

__all__ = ["Evidence", "title_of", "why_of"]

_SHOWN_IN_TITLE = 4
_SHOWN_IN_WHY = 12
_UNKNOWN_SHOWN = 6


@dataclass(frozen=True)
class Evidence:
    """What is known of an idea.

    Parameters
    ----------
    choice : Choice
        The progression it is made of.
    key : Key
        Its key.
    marks : tuple of ChordMark
        Its chords.
    form : tuple of str
        How it was made to last, and how it ends.
    changes : tuple of str
        What was substituted.
    bits : float
        How unexpected it is, bits a chord.
    rarity : float
        Share of the shelf that is more common, 0.0 to 1.0.
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

    choice: Choice
    key: Key
    marks: tuple[ChordMark, ...]
    form: tuple[str, ...]
    changes: tuple[str, ...]
    bits: float
    rarity: float
    movement: float
    bpm: float
    meter: Meter
    feel: str
    sound: str = ""


def title_of(evidence: Evidence) -> str:
    """Name an idea by its first chords, its style and its key."""
    symbols = [mark.symbol for mark in evidence.marks]
    shown = " ".join(symbols[:_SHOWN_IN_TITLE])
    more = " ..." if len(symbols) > _SHOWN_IN_TITLE else ""
    name = evidence.choice.progression.name or evidence.choice.progression.style
    return f"{shown}{more} ({name}, {evidence.key})"


def why_of(evidence: Evidence, plan: Plan) -> str:
    """Say in one sentence why an idea was made as it was."""
    parts = (
        *_harmony(evidence),
        *_mood(evidence, plan),
        *_prompt(plan),
        *_song(plan),
        *_craft(evidence),
    )
    return f"{'; '.join(part for part in parts if part)}."


def _harmony(evidence: Evidence) -> Iterator[str]:
    romans = [mark.roman for mark in evidence.marks]
    more = " ..." if len(romans) > _SHOWN_IN_WHY else ""
    name = evidence.choice.progression.name
    known = f", known as {name}" if name else ""
    numerals = " ".join(romans[:_SHOWN_IN_WHY])
    style = evidence.choice.progression.style
    yield f"In {evidence.key}: {numerals}{more}, as in {style}{known}"


def _mood(evidence: Evidence, plan: Plan) -> Iterator[str]:
    moods = _listed(evidence.choice.progression.moods)
    if plan.reading.place is None:
        yield f"it tends to sound {moods}"
        return
    valence, arousal = plan.reading.place
    yield (
        f"it tends to sound {moods}, {evidence.choice.distance:.2f} from what you ask for"
        f" (valence {valence:+.2f}, arousal {arousal:+.2f})"
    )


def _prompt(plan: Plan) -> Iterator[str]:
    if plan.reading.understood:
        yield f"your words were taken as {_listed(plan.reading.understood)}"
    unknown = plan.reading.unknown
    if unknown:
        named = _listed([repr(word) for word in unknown[:_UNKNOWN_SHOWN]])
        more = len(unknown) - _UNKNOWN_SHOWN
        yield f"not understood: {named}" + (f" and {more} more" if more > 0 else "")


def _song(plan: Plan) -> Iterator[str]:
    heard = plan.heard
    if heard is None:
        return
    sure = round(100 * heard.confidence)
    followed = "" if plan.key == heard.key else f", but {plan.key} was asked for"
    yield (
        f"your song was heard in {heard.key} ({sure} % sure, else {heard.second})"
        f" at {heard.bpm:g} BPM in {heard.meter.numerator}/{heard.meter.denominator}{followed}"
    )


def _craft(evidence: Evidence) -> Iterator[str]:
    common = round(100 * evidence.rarity)
    yield f"{evidence.bits:.1f} bits a chord, rarer than {common} % of the shelf"
    yield from evidence.form
    if evidence.changes:
        yield f"with {_listed(evidence.changes)}"
    yield f"voices move {evidence.movement:.1f} semitones a change"
    meter = f"{evidence.meter.numerator}/{evidence.meter.denominator}"
    yield f"{evidence.bpm:g} BPM in {meter} with a {evidence.feel} rhythm"
    yield evidence.sound


def _listed(words: Sequence[str]) -> str:
    """Join words as in a sentence."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"
