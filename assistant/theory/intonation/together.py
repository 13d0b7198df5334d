"""Several takes of one song corrected together: doubles and harmonies beside a lead.

A double goes where the lead goes, in its own octave. A harmony keeps its own line; where two notes
would do, the one that goes well with the lead is taken.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from assistant.material import note_name
from assistant.theory.intonation.following import follow_score
from assistant.theory.intonation.take import TakeNote, Target
from assistant.theory.intonation.written import Written

__all__ = ["Choose", "Kind", "Voice", "targets_together"]

Choose: TypeAlias = Callable[[Sequence[TakeNote]], Sequence[Target]]
Kind = Literal["lead", "double", "harmony"]

_SURE = 0.6  # from which a note is moved that the lead has made sure
_FEWEST = 3  # notes of the lead that make a double
_AGREES = (1.0, 0.2, 0.45, 1.0, 1.0, 0.8, 0.3, 1.0, 1.0, 1.0, 0.45, 0.2)
"""How well each interval over the lead goes, in semitones: a weight for probabilities."""


@dataclass(frozen=True, slots=True)
class Voice:
    """One of several takes.

    Parameters
    ----------
    kind : {"lead", "double", "harmony"}
        What it is to the lead.
    targets : tuple of Target
        One for each of its notes.
    words : str
        Why it is that.
    """

    kind: Kind
    targets: tuple[Target, ...]
    words: str


def targets_together(
    takes: Sequence[Sequence[TakeNote]],
    lead: int,
    lead_targets: Sequence[Target],
    choose: Choose,
    *,
    edited: Sequence[Target] | None = None,
    name: Callable[[float], str] = note_name,
    least: float | None = None,
) -> tuple[Voice, ...]:
    """Find the targets of several takes that are sung at the same time.

    Parameters
    ----------
    takes : sequence of sequence of TakeNote
        All by the same clock.
    lead : int
        Which of them the others go by.
    lead_targets : sequence of Target
        One for each note of the lead.
    choose : callable
        Tells the targets of a take by key and scale; for harmonies.
    edited : sequence of Target, optional
        The targets of the lead as the musician wants them: which notes of a double are which of
        the lead does not depend on them, so that others stay as they were.
    name : callable
        Names a MIDI number.
    least : float, optional
        A note that is less sure than this is left alone, 0.0 to 1.0; else as is usual.

    Returns
    -------
    tuple of Voice
        One for each take.

    Raises
    ------
    ValueError
        Where the targets are not those of the lead.
    """
    wanted = lead_targets if edited is None else edited
    for given in (lead_targets, wanted):
        if len(given) != len(takes[lead]):
            raise ValueError(f"{len(given)} targets for a lead of {len(takes[lead])} notes.")
    moves = tuple(target.moves for target in wanted)
    beside = _Lead(_line(takes[lead], lead_targets), _line(takes[lead], wanted), moves, name)
    voices = []
    for place, notes in enumerate(takes):
        if place == lead:
            voices.append(Voice("lead", tuple(lead_targets), "the lead"))
        else:
            voices.append(_beside(notes, beside, choose, least))
    return tuple(voices)


@dataclass(frozen=True, slots=True)
class _Lead:
    """What the lead will sing: as it was decided, and as the musician wants it."""

    line: tuple[Written, ...]
    wanted: tuple[Written, ...]
    moves: tuple[bool, ...]
    name: Callable[[float], str]

    def moved(self, place: int | None) -> float:
        """Tell how far the musician wants a note from where it was decided, semitones."""
        return 0.0 if place is None else self.wanted[place].pitch - self.line[place].pitch


def _line(notes: Sequence[TakeNote], targets: Sequence[Target]) -> tuple[Written, ...]:
    """Write down what the lead will sing: its targets, and what is left alone as it was."""
    return tuple(
        Written(target.pitch if target.moves else note.centre, note.start, note.end)
        for note, target in zip(notes, targets, strict=True)
    )


def _beside(notes: Sequence[TakeNote], lead: _Lead, choose: Choose, least: float | None) -> Voice:
    """Tell a double from a harmony, and where its notes should be."""
    if lead.line and notes:
        followed = follow_score(notes, lead.line)
        matched = sum(place is not None for place in followed.places)
        if followed.fits and followed.transposition % 12 == 0 and matched >= _FEWEST:
            pairs = zip(followed.targets, followed.places, strict=True)
            targets = tuple(_as_lead(target, place, lead, least) for target, place in pairs)
            return Voice("double", targets, f"{matched} of {len(notes)} notes are the lead's")
    heard = zip(notes, choose(notes), strict=True)
    sure = _SURE if least is None else least
    with_lead = tuple(_with_lead(note, target, lead, sure) for note, target in heard)
    return Voice("harmony", with_lead, "a line of its own beside the lead")


def _as_lead(target: Target, place: int | None, lead: _Lead, least: float | None) -> Target:
    """Say that a target is the lead's; where the musician moved that one, it goes along."""
    if place is None:
        doubted = replace(target, doubted=not target.moves)
        return doubted if least is None else doubted.weighed(least)
    way = lead.moved(place)
    pitch = target.pitch + way
    aimed = replace(target, pitch=pitch, why=f"{lead.name(pitch)} as the lead sings")
    if way != 0.0 and lead.moves[place]:
        return replace(aimed, moves=True)
    return aimed if least is None else aimed.weighed(least)


def _with_lead(note: TakeNote, target: Target, lead: _Lead, least: float) -> Target:
    """Weigh the two notes that a harmony may mean by how each goes with the lead."""
    beside = _sounding(note, lead.wanted)
    if beside is None or target.other is None or target.confidence <= 0.0:
        return target
    this = target.confidence * _agreement(target.pitch - beside.pitch)
    that = (1.0 - target.confidence) * _agreement(target.other - beside.pitch)
    share = this / (this + that)
    pitch, other = target.pitch, target.other
    if share < 0.5:
        share, pitch, other = 1.0 - share, other, pitch
    if share <= target.confidence and pitch == target.pitch:
        less = replace(target, confidence=share)
        return less if share >= least or not target.moves else less.left(target.why)
    why = f"{lead.name(pitch)} goes with {lead.name(beside.pitch)} of the lead"
    likelier = Target(pitch, share, True, why, other)
    return likelier if share >= least else likelier.left(why)


def _sounding(note: TakeNote, line: Sequence[Written]) -> Written | None:
    """Find the note of the lead that sounds longest with another; None where none does."""
    together = [min(note.end, each.end) - max(note.start, each.start) for each in line]
    best = max(range(len(line)), key=lambda place: together[place], default=None)
    return line[best] if best is not None and together[best] > 0.0 else None


def _agreement(semitones: float) -> float:
    """Tell how well an interval goes, between those of whole semitones on a line."""
    low = int(semitones // 1)
    share = semitones - low
    return (1.0 - share) * _AGREES[low % 12] + share * _AGREES[(low + 1) % 12]
