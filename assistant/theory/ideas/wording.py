"""What is said about an idea: its title, and a few sentences with the evidence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from assistant.contract import ChordMark
from assistant.material import Meter, Note
from assistant.theory.ear.strays import contradicts
from assistant.theory.harmony.key import Key
from assistant.theory.ideas.idea import Idea
from assistant.theory.ideas.plan import Plan

__all__ = [
    "Evidence",
    "in_sentences",
    "listed",
    "prompt_said",
    "song_said",
    "strays_said",
    "title_of",
    "why_of",
]

_SHOWN_IN_TITLE = 4
_SHOWN_IN_WHY = 12
_QUESTIONS_ASKED = 4
_STRAYS_SHOWN = 3
_BORROWED = 0.12  # share of the notes of chords that may lie outside the key unremarked


@dataclass(frozen=True)
class Evidence:
    """What is known of an idea once it is played.

    Parameters
    ----------
    idea : Idea
        What is played.
    marks : tuple of ChordMark
        Its chords.
    nashville : tuple of str
        The same as Nashville numbers.
    end : str
        How it ends, in words that follow "it".
    novelty : str
        How unexpected it is, and beside what: ``"2.1 bits a chord, rarer than 40 % of the shelf"``.
    movement : str
        How far the voices, or the hand, move.
    bpm : float
        Quarter notes a minute.
    meter : Meter
        Its metre.
    feel : str
        The style of its rhythm.
    hand : str
        What the guitar should know, such as where to put a capo; ``""`` for the keys.
    sound : str
        By whom it was played; ``""`` where it was not.
    """

    idea: Idea
    marks: tuple[ChordMark, ...]
    nashville: tuple[str, ...]
    end: str
    novelty: str
    movement: str
    bpm: float
    meter: Meter
    feel: str
    hand: str = ""
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
        *prompt_said(plan),
        *song_said(plan),
        _craft(evidence),
    )
    return in_sentences(sentences)


def in_sentences(sentences: Iterable[str]) -> str:
    """Put sentences together, each with its stop; empty ones are left out."""
    return " ".join(
        sentence if sentence.endswith("?") else f"{sentence}." for sentence in sentences if sentence
    )


def _harmony(evidence: Evidence) -> str:
    romans = [mark.roman for mark in evidence.marks]
    more = " ..." if len(romans) > _SHOWN_IN_WHY else ""
    numerals = " ".join(romans[:_SHOWN_IN_WHY])
    numbers = " ".join(evidence.nashville[:_SHOWN_IN_WHY])
    changes = f", with {listed(evidence.idea.changes)}" if evidence.idea.changes else ""
    chords = f"{numerals}{more} (Nashville {numbers}{more})"
    return f"In {evidence.idea.key}: {chords}, {evidence.idea.source}{changes}"


def _mood(idea: Idea, plan: Plan) -> str:
    if plan.reading.place is None:
        return f"It tends to sound {listed(idea.moods)}" if idea.moods else ""
    valence, arousal = plan.reading.place
    sounds = f"It tends to sound {listed(idea.moods)}," if idea.moods else "Its chords tend to lie"
    return (
        f"{sounds} {idea.distance:.2f} from what you ask for"
        f" (valence {valence:+.2f}, arousal {arousal:+.2f})"
    )


def prompt_said(plan: Plan) -> Iterator[str]:
    """Say what the words of a prompt were taken to mean, and ask about the others."""
    if plan.reading.understood:
        yield f"Your words were taken as {listed(plan.reading.understood)}"
    questions = plan.reading.questions
    yield from (question.removesuffix(".") for question in questions[:_QUESTIONS_ASKED])
    if len(questions) > _QUESTIONS_ASKED:
        yield f"{len(questions) - _QUESTIONS_ASKED} more words were not understood"
    yield from plan.remarks


def song_said(plan: Plan) -> Iterator[str]:
    """Say what was heard in the song, so that the musician can correct it."""
    heard = plan.heard
    if heard is None:
        return
    yield "Heard in your song: " + " ".join(heard.report).removesuffix(".")
    if plan.key == heard.key or plan.key is None:
        return
    if plan.reading.mode == plan.key.mode and plan.key.root == heard.key.root:
        yield f"Your words ask for {plan.reading.mode}, so it is in {plan.key}"
    else:
        yield f"You asked for {plan.key}"


def strays_said(key: Key, melody: Sequence[Note], chords: Sequence[Note]) -> str:
    """Say which notes of a song speak against a key.

    Parameters
    ----------
    key : Key
        As it was said or heard.
    melody : sequence of Note
        Of the song; may be empty.
    chords : sequence of Note
        Those of its chords, heard only where there is no melody: some may be borrowed unremarked.

    Returns
    -------
    str
        A sentence without its stop; ``""`` where nothing speaks against it.
    """
    whose, notes = ("melody", melody) if melody else ("chords", chords)
    found = contradicts(key, notes)[:_STRAYS_SHOWN]
    if whose == "chords" and sum(stray.share for stray in found) < _BORROWED:
        return ""
    told = listed([f"{stray.name} for {100.0 * stray.share:.0f} %" for stray in found])
    return f"Outside {key}: {told} of the time of your {whose}" if told else ""


def _craft(evidence: Evidence) -> str:
    meter = evidence.meter.signature
    parts = (
        evidence.novelty,
        evidence.idea.form,
        f"it {evidence.end}",
        evidence.movement,
        f"{evidence.bpm:g} BPM in {meter} with a {evidence.feel} rhythm",
        evidence.hand,
        evidence.sound,
    )
    said = "; ".join(part for part in parts if part)
    return said[0].upper() + said[1:]


def listed(words: Sequence[str]) -> str:
    """Join words as in a sentence: commas, and "and" before the last."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"
