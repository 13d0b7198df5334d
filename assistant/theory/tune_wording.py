"""What is said about a tune: its title, and why it is offered, with figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import exp

from assistant.material import Meter, Note, note_name
from assistant.theory.plan import Plan
from assistant.theory.tune_harmony import Harmony
from assistant.theory.tune_site import Site

__all__ = ["Evidence", "confidence", "title_of", "why_of"]

_DONE = {
    "new": "", "continue": "Continues your melody in", "answer": "Answers your melody in",
    "fill": "Fills", "vary": "Varies", "replace": "Replaces",
}  # fmt: skip
_SHOWN = 4
_UNKNOWN_SHOWN = 6


@dataclass(frozen=True)
class Evidence:
    """What is known of a tune.

    Parameters
    ----------
    site : Site
        Where it was written.
    harmony : Harmony
        Over which chords.
    symbols : tuple of str
        Those chords.
    form : str
        A letter for each phrase of what was written.
    notes : tuple of Note
        What was written.
    fit : float
        Share of its time on notes of the chord, 0.0 to 1.0.
    bits, usual_bits : float
        How unexpected it is, and what is usual, bits a note.
    apart : float
        How far it is from the nearest tune that is offered before it, 0.0 to 1.0.
    checked : tuple of (int, int)
        How many tunes were written, and how many of those could be sung.
    copied : int or None
        Notes of its longest stretch that a melody that was learned from has, 0 for under 8; None
        where nobody compared.
    bpm : float
        Quarter notes a minute.
    meter : Meter
        Its metre.
    words : str
        How the words are set; ``""`` where there are none.
    sound : str
        By whom it was played; ``""`` where it was not.
    """

    site: Site
    harmony: Harmony
    symbols: tuple[str, ...]
    form: str
    notes: tuple[Note, ...]
    fit: float
    bits: float
    usual_bits: float
    apart: float
    checked: tuple[int, int]
    copied: int | None
    bpm: float
    meter: Meter
    words: str = ""
    sound: str = ""


def title_of(evidence: Evidence) -> str:
    """Name a tune by what it does, its form, its chords and its compass."""
    site = evidence.site
    done = _DONE[site.doing]
    shown = " ".join(evidence.symbols[:_SHOWN])
    more = " ..." if len(evidence.symbols) > _SHOWN else ""
    low, high = (note_name(end(note.pitch for note in evidence.notes)) for end in (min, max))
    phrases = " ".join(evidence.form.upper()[:8])
    begun = f"{done} {site.said}, " if done else f"{phrases}, "
    return f"{begun}over {shown}{more} ({evidence.harmony.key}, {low} to {high})"


def why_of(evidence: Evidence, plan: Plan) -> str:
    """Say in one sentence why a tune is offered."""
    parts = (
        *_line(evidence),
        *_novelty(evidence),
        *_chords(evidence),
        *_prompt(plan),
        *_song(plan),
        evidence.words,
        f"{evidence.bpm:g} BPM in {evidence.meter.numerator}/{evidence.meter.denominator}",
        evidence.sound,
    )
    return f"{'; '.join(part for part in parts if part)}."


def _line(evidence: Evidence) -> Iterator[str]:
    yield f"Fits {100 * evidence.fit:.0f} % of its time on chord tones"
    top = max(evidence.notes, key=lambda note: note.pitch)
    bar = _bar_of(top.start, evidence.site)
    often = sum(note.pitch == top.pitch for note in evidence.notes)
    reached = "once" if often == 1 else f"{often} times"
    yield f"climbs to {note_name(top.pitch)} {reached}, first in bar {bar}"
    if evidence.site.doing == "answer":
        yield "takes up the rhythm of the bars before"
    elif evidence.site.doing != "vary" and len(evidence.form) > 1:
        again = len(evidence.form) - len(set(evidence.form))
        phrases = " ".join(evidence.form.upper()[:16])
        yield f"phrases {phrases}" + (", all of them new" if not again else "")
    written, sung = evidence.checked
    yield f"one of {written} written, of which {sung} can be sung"


def _novelty(evidence: Evidence) -> Iterator[str]:
    bits, usual = evidence.bits, evidence.usual_bits
    yield f"{bits:.1f} bits a note against pop melodies (typical {usual:.1f})"
    yield _compared(evidence.copied)
    if evidence.apart < 1.0:
        yield f"{100 * evidence.apart:.0f} % unlike the nearest offered before it"


def _compared(copied: int | None) -> str:
    if copied is None:
        return "not compared to the melodies that were learned from"
    if copied:
        return f"shares {copied} notes in a row with a melody that was learned from"
    return "shares no 8 notes in a row with a melody that was learned from"


def _chords(evidence: Evidence) -> Iterator[str]:
    shown = " ".join(evidence.symbols[:12])
    more = " ..." if len(evidence.symbols) > 12 else ""
    yield f"over {shown}{more}, {evidence.harmony.source}"


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
    yield f"your song was heard in {heard.key} ({sure} % sure, else {heard.second}){followed}"


def _bar_of(beat: float, site: Site) -> int:
    """Count the bar of a beat, from 1."""
    return site.first + sum(bar.beat <= beat + 1e-6 for bar in site.bars)


def _listed(words: Sequence[str]) -> str:
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def confidence(rating: float, plan: Plan) -> float:
    """Rate how well a tune meets what was asked, the words and the song understood.

    Parameters
    ----------
    rating : float
        How good it is among all, 0.0 to 1.0.
    plan : Plan
        What is asked for.

    Returns
    -------
    float
        0.0 to 1.0.
    """
    reading = plan.reading
    words = len(reading.understood) + len(reading.unknown)
    understood = len(reading.understood) / words if words else 1.0
    followed = plan.heard.confidence if plan.heard and plan.key == plan.heard.key else 1.0
    return exp(0.5 * (rating - 1.0)) * (0.5 + 0.5 * understood) * (0.5 + 0.5 * followed)
