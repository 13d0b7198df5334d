"""Several takes of one song corrected together: a lead, its doubles, its harmonies."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assistant.correcting.guide import Guide
from assistant.correcting.one_take import listen, notes_of
from assistant.errors import MaterialError, SettingError, did_you_mean
from assistant.material import Session, Stem
from assistant.steps import part
from assistant.theory.intonation.edits import Edit, apply_edits
from assistant.theory.intonation.intent import Intent
from assistant.theory.intonation.manner import Manner
from assistant.theory.intonation.take import TakeNote, Target
from assistant.theory.intonation.together import targets_together

if TYPE_CHECKING:
    from assistant.dsp.take_listening import TakeHeard

__all__ = ["Singer", "decide_together"]

_LISTENED = 0.9  # of the work with each take; the rest is to find its notes


@dataclass(frozen=True, eq=False)
class Singer:
    """One of several takes: its stem, what was heard in it, what was decided, what it is."""

    stem: Stem
    heard: TakeHeard
    intent: Intent
    kind: str

    @property
    def late(self) -> float:
        """Where in the song it begins, seconds."""
        return _late(self.stem)


@dataclass(frozen=True, eq=False)
class _Heard:
    stem: Stem
    heard: TakeHeard
    notes: tuple[TakeNote, ...]


def _late(stem: Stem) -> float:
    return stem.start / stem.audio.rate


def decide_together(
    session: Session,
    voice: str,
    lead: str,
    guide: Guide,
    *,
    trusted: bool,
    edits: Sequence[Edit] = (),
) -> Generator[float, None, tuple[tuple[Singer, ...], tuple[str, ...]]]:
    """Listen to all takes and decide where their notes are to be, against one reference.

    Parameters
    ----------
    session : Session
        The takes.
    voice : str
        What sings: see `assistant.theory.intonation.vocal_range`.
    lead : str
        Name of the stem that the others go by; ``""`` for the one with most to sing.
    guide : Guide
        What is known of the song.
    trusted : bool
        Whether each is taken for one voice, whatever it seems to be.
    edits : sequence of Edit
        What is said about single notes of the lead; doubles follow.

    Yields
    ------
    float
        Share of the work that is done, rising to 1.0.

    Returns
    -------
    tuple of Singer
        The lead first, then the others in their order.
    tuple of str
        Which stems were left out, and why.

    Raises
    ------
    MaterialError
        Where no stem is a voice.
    SettingError
        Where no stem has the name of the lead, or an edit does not fit it.
    """
    found: list[_Heard] = []
    left_out: list[str] = []
    share = 1.0 / max(1, len(session.stems))
    for place, stem in enumerate(session.stems):
        begun, listened = place * share, _LISTENED * share
        heard = yield from part(listen(stem.audio, voice), begun, listened)
        work = notes_of(heard, trusted=trusted, finest=guide.finest)
        try:
            notes = yield from part(work, begun + listened, share - listened)
        except MaterialError as error:
            left_out.append(f"{stem.name} is left as it is. {error}")
        else:
            found.append(_Heard(stem, heard, notes))
    if not found:
        raise MaterialError(f"No stem is one voice. {' '.join(left_out)}")
    first = _lead(found, lead)
    ordered = [first, *(each for each in found if each is not first)]
    return _decided(ordered, guide, edits), tuple(left_out)


def _moved(notes: Sequence[TakeNote], seconds: float) -> tuple[TakeNote, ...]:
    return tuple(
        replace(note, start=note.start + seconds, end=note.end + seconds) for note in notes
    )


def _lead(found: Sequence[_Heard], name: str) -> _Heard:
    """Choose the lead: as it is called, else the one that sings longest."""
    if not name:
        return max(found, key=lambda each: sum(note.seconds for note in each.notes))
    for each in found:
        if each.stem.name.casefold() == name.strip().casefold():
            return each
    names = [each.stem.name for each in found]
    raise SettingError(
        f"lead is {name[:60]!r}; no voice is called that.{did_you_mean(name, names)}"
    )


def _decided(takes: Sequence[_Heard], guide: Guide, edits: Sequence[Edit]) -> tuple[Singer, ...]:
    lead = takes[0]
    led = guide.decide(lead.notes, lead.heard.fine)
    same = replace(guide, score=None, scale=guide.scale or led.scale)

    def choose(notes: Sequence[TakeNote]) -> Sequence[Target]:
        return same.decide(notes, lead.heard.fine).targets

    sung = [led.notes, *(each.notes for each in takes[1:])]
    clocked = [_moved(notes, _late(each.stem)) for notes, each in zip(sung, takes, strict=True)]
    _, edited, _ = apply_edits(edits, led.notes, led.targets, Manner(), lead.heard.fine)
    voices = targets_together(
        clocked, 0, led.targets, choose, edited=edited, name=led.called, least=guide.threshold
    )
    others = [
        Singer(
            each.stem,
            each.heard,
            Intent(
                notes,
                voice.targets,
                f"{lead.stem.name}, of which it is a {voice.kind} ({voice.words})",
                name=led.name,
                concert=led.concert,
                guide=tuple(at + _late(lead.stem) - _late(each.stem) for at in led.guide),
            ),
            voice.kind,
        )
        for each, notes, voice in list(zip(takes, sung, voices, strict=True))[1:]
    ]
    return Singer(lead.stem, lead.heard, led, "lead"), *others
