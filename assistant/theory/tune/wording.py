"""What is said about a tune: its title, and why it is offered, with figures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import exp

from assistant.contract import Quantity
from assistant.material import Meter, Note
from assistant.theory.harmony.key import Key
from assistant.theory.ideas.plan import Plan
from assistant.theory.ideas.wording import in_sentences, prompt_said, song_said
from assistant.theory.tune.changes import change_said
from assistant.theory.tune.harmony import Harmony
from assistant.theory.tune.passage import Passage

__all__ = ["Evidence", "confidence", "measured", "title_of", "why_of"]

_DONE = {
    "new": "", "continue": "Continues your melody in", "answer": "Answers your melody in",
    "fill": "Fills", "vary": "Varies", "replace": "Replaces",
}  # fmt: skip
_SHOWN = 4
_CLEAR = 0.7  # share of time on chord tones under which a tune is offered with less confidence
_BEGUN = 6  # notes by which a tune is told from others


@dataclass(frozen=True)
class Evidence:
    """What is known of a tune.

    Parameters
    ----------
    passage : Passage
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
    copied : int
        Notes of its longest stretch that a melody that was learned from has, 0 for under 8.
    bpm : float
        Quarter notes a minute.
    meter : Meter
        Its metre.
    words : str
        How the words are set; ``""`` where there are none.
    sound : str
        By whom it was played; ``""`` where it was not.
    change : str
        How the song should become, ``"none"`` where as it is.
    remark : str
        What else should be said, ``""`` for nothing.
    """

    passage: Passage
    harmony: Harmony
    symbols: tuple[str, ...]
    form: str
    notes: tuple[Note, ...]
    fit: float
    bits: float
    usual_bits: float
    apart: float
    checked: tuple[int, int]
    copied: int
    bpm: float
    meter: Meter
    words: str = ""
    sound: str = ""
    change: str = "none"
    remark: str = ""


def title_of(evidence: Evidence) -> str:
    """Name a tune by what it does, its form, how it begins, its chords and its compass."""
    passage, key = evidence.passage, evidence.harmony.key
    done = _DONE[passage.doing]
    shown = " ".join(evidence.symbols[:_SHOWN])
    more = " ..." if len(evidence.symbols) > _SHOWN else ""
    low, high = (key.note_name(end(note.pitch for note in evidence.notes)) for end in (min, max))
    bars = sorted({_bar_of(note.start, passage) for note in _peaks(evidence)})
    line = "-".join(_letter(note, key) for note in evidence.notes[:_BEGUN])
    phrases = " ".join(evidence.form.upper()[:8])
    begun = f"{done} {passage.said}" if done else phrases
    top = f"{high} in bar {bars[0]}"
    return f"{begun}: {line}, over {shown}{more} ({key}, {low} to {top})"


def _peaks(evidence: Evidence) -> list[Note]:
    """List the highest notes."""
    top = max(note.pitch for note in evidence.notes)
    return [note for note in evidence.notes if note.pitch == top]


def _letter(note: Note, key: Key) -> str:
    return key.note_name(note.pitch).rstrip("-0123456789")


def why_of(evidence: Evidence, plan: Plan) -> str:
    """Say in a few sentences why a tune is offered."""
    metre = evidence.meter.signature
    played = (evidence.remark, evidence.words, f"{evidence.bpm:g} BPM in {metre}", evidence.sound)
    return in_sentences((
        "; ".join(_line(evidence)),
        _begun("; ".join(_novelty(evidence))),
        _begun("; ".join((*_chords(evidence), *(part for part in played if part)))),
        *prompt_said(plan),
        *song_said(plan),
    ))  # fmt: skip


def _begun(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def _line(evidence: Evidence) -> Iterator[str]:
    yield f"Fits {100 * evidence.fit:.0f} % of its time on chord tones"
    peaks = _peaks(evidence)
    bar = _bar_of(peaks[0].start, evidence.passage)
    reached = "once" if len(peaks) == 1 else f"{len(peaks)} times"
    top = evidence.harmony.key.note_name(peaks[0].pitch)
    yield f"climbs to {top} {reached}, first in bar {bar}"
    yield from _told(evidence)
    if evidence.passage.doing == "answer":
        yield "takes up the rhythm of the bars before"
    elif evidence.passage.doing != "vary" and len(evidence.form) > 1:
        again = len(evidence.form) - len(set(evidence.form))
        phrases = " ".join(evidence.form.upper()[:16])
        yield f"phrases {phrases}" + (", all of them new" if not again else "")
    written, sung = evidence.checked
    yield f"one of {written} written, of which {sung} can be sung"


def _told(evidence: Evidence) -> Iterator[str]:
    """Say what became of the song, and how its beats are played."""
    passage = evidence.passage
    before = [note for note in passage.tune if passage.rewrites(note)]
    said = change_said(evidence.change, before, evidence.notes, evidence.harmony.key)
    yield from (part for part in (said, passage.timing.said) if part)


def _novelty(evidence: Evidence) -> Iterator[str]:
    bits, usual = evidence.bits, evidence.usual_bits
    yield f"{bits:.1f} bits a note against pop melodies (typical {usual:.1f})"
    yield _compared(evidence.copied)
    if evidence.apart < 1.0:
        yield f"{100 * evidence.apart:.0f} % unlike the nearest offered before it"


def _compared(copied: int) -> str:
    if copied:
        return f"shares {copied} notes in a row with a melody that was learned from"
    return "shares no 8 notes in a row with a melody that was learned from"


def _chords(evidence: Evidence) -> Iterator[str]:
    shown = " ".join(evidence.symbols[:12])
    more = " ..." if len(evidence.symbols) > 12 else ""
    yield f"over {shown}{more}, {evidence.harmony.source}"


def _bar_of(beat: float, passage: Passage) -> int:
    """Count the bar of a beat, from 1."""
    return passage.first + sum(bar.beat <= beat + 1e-6 for bar in passage.bars)


def measured(evidence: Evidence) -> dict[str, Quantity]:
    """Give the figures of a tune."""
    pitches = [note.pitch for note in evidence.notes]
    return {
        "novelty": Quantity(None, evidence.bits, "bits a note"),
        "chord_fit": Quantity(None, 100.0 * evidence.fit, "%"),
        "range": Quantity(None, max(pitches) - min(pitches), "semitones"),
        "notes": Quantity(None, float(len(pitches)), "notes"),
        "apart": Quantity(None, 100.0 * evidence.apart, "%"),
        "copied": Quantity(None, float(evidence.copied), "notes"),
    }


def confidence(rating: float, plan: Plan, fit: float = 1.0) -> float:
    """Rate how well a tune meets what was asked, the words and the song understood.

    Parameters
    ----------
    rating : float
        How good it is among all, 0.0 to 1.0.
    plan : Plan
        What is asked for.
    fit : float
        Share of its time on notes of the chord, 0.0 to 1.0.

    Returns
    -------
    float
        0.0 to 1.0.
    """
    clear = min(1.0, fit / _CLEAR)
    return exp(0.5 * (rating - 1.0)) * plan.certainty * clear
