"""What the musician says about single notes: ``"7=A4, 9=leave, 12.vibrato=0, 3.end=1.95"``.

Notes are counted from 1, as they are reported. A note can be given a pitch (a name with cents, or a
MIDI number), left alone (``leave``) or moved where it was meant to go (``move``); what follows a
dot is a boundary in seconds, or one word of `Manner` for this note alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from assistant.errors import SettingError, did_you_mean
from assistant.material import note_name, note_number
from assistant.theory.ear.singing_heard import VoiceTrack
from assistant.theory.intonation.manner import RANGES, Manner
from assistant.theory.intonation.notes import measure_note
from assistant.theory.intonation.scales import concert_offset
from assistant.theory.intonation.take import TakeNote, Target

__all__ = ["LEFT_AS_SAID", "Edit", "apply_edits", "edits_text", "read_edits"]

LEFT_AS_SAID = "said: leave"
"""Why a note is left alone where the musician says so."""

_EDIT = re.compile(r"(\d{1,7})(?:\s*\.\s*([A-Za-z_]+))?\s*=\s*(\S.*)")
_TUNED = re.compile(r"(.*\d)\s*([+-]\s*\d+(?:\.\d+)?)")
_KNOBS = {name.removesuffix("_ms").removesuffix("_cents"): name for name in RANGES}
_BOUNDS = ("start", "end")
_WORDS = ("leave", "move")
_RIGHT = "such as 7=A4, 9=leave, 12=A#4+20, 12.vibrato=0 or 3.end=1.95"
_SHORTEST_SECONDS = 0.03
_SAME_SECONDS = 1e-6


@dataclass(frozen=True, slots=True)
class Edit:
    """One thing that is said about one note.

    Parameters
    ----------
    number : int
        The note, counted from 1.
    what : str
        ``"pitch"``, ``"leave"``, ``"move"``, ``"start"``, ``"end"``, or a field of `Manner`.
    value : float
        MIDI number, seconds, or what the field is; 0.0 where nothing more is said.
    name : str
        Of a pitch, by the concert pitch of the song.
    """

    number: int
    what: str
    value: float = 0.0
    name: str = field(default="", compare=False)


def read_edits(text: str, a4_hz: float = 440.0) -> tuple[Edit, ...]:
    """Read what is said about single notes.

    Parameters
    ----------
    text : str
        Edits, with commas or semicolons between them; blank for none.
    a4_hz : float
        Concert pitch: what A4, or 69, is.

    Returns
    -------
    tuple of Edit
        As they stand in the text.

    Raises
    ------
    SettingError
        Where one cannot be understood, is out of range, or stands against another.
    """
    edits: list[Edit] = []
    said: dict[tuple[int, str], str] = {}
    for piece in re.split(r"[,;]", text):
        if not (words := piece.strip()):
            continue
        edit = _read(words, concert_offset(a4_hz))
        subject = "pitch" if edit.what in _WORDS else edit.what
        before = said.setdefault((edit.number, subject), words)
        if before is not words:
            raise SettingError(
                f"edits say {before!r} and {words!r} of note {edit.number}; keep one of them."
            )
        edits.append(edit)
    return tuple(edits)


def apply_edits(
    edits: Sequence[Edit],
    notes: Sequence[TakeNote],
    targets: Sequence[Target],
    manner: Manner,
    fine: VoiceTrack | None = None,
) -> tuple[tuple[TakeNote, ...], tuple[Target, ...], tuple[Manner, ...]]:
    """Do what is said about single notes; all others stay as they are.

    Parameters
    ----------
    edits : sequence of Edit
        See `read_edits`.
    notes : sequence of TakeNote
        Of the take, in order.
    targets : sequence of Target
        Where each would be moved.
    manner : Manner
        How the others are moved.
    fine : VoiceTrack, optional
        The voice: by it a note with other boundaries is measured again.

    Returns
    -------
    tuple of (tuple of TakeNote, tuple of Target, tuple of Manner)
        One each a note.

    Raises
    ------
    SettingError
        Where there is no such note, or it would reach into its neighbour or beyond the take.
    """
    found, aims = list(notes), list(targets)
    manners = [manner] * len(found)
    exact = {(edit.number, edit.what) for edit in edits}
    for edit in edits:
        place = edit.number - 1
        if not 0 <= place < len(found):
            raise SettingError(
                f"edits speak of note {edit.number}; the take has "
                + (f"notes 1 to {len(found)}." if found else "no notes.")
            )
        if edit.what in _BOUNDS:
            found[place] = replace(found[place], **{edit.what: edit.value})
        elif edit.what in RANGES:
            manners[place] = replace(manners[place], **{edit.what: edit.value})
        else:
            aims[place] = _aimed(edit, aims[place])
            if edit.what == "pitch" and (edit.number, "flex_cents") not in exact:
                manners[place] = replace(manners[place], flex_cents=0.0)
    moved = {number - 1 for number, what in exact if what in _BOUNDS}
    _check_bounds(found, moved, fine)
    if fine is not None:
        for place in moved:
            found[place] = measure_note(fine, found[place].start, found[place].end)
    return tuple(found), tuple(aims), tuple(manners)


def edits_text(targets: Sequence[Target]) -> str:
    """Write targets as edits.

    Parameters
    ----------
    targets : sequence of Target
        Of all notes of a take.

    Returns
    -------
    str
        What `read_edits` makes the same targets of, to a hundredth of a cent.
    """
    pieces = []
    for number, target in enumerate(targets, start=1):
        nearest = round(target.pitch)
        cents = round(100.0 * (target.pitch - nearest), 2)
        name = f"{note_name(nearest)}{cents:+g}" if cents else note_name(nearest)
        pieces.append(f"{number}={name if target.moves else 'leave'}")
    return ", ".join(pieces)


def _read(words: str, concert: float) -> Edit:
    match = _EDIT.fullmatch(words)
    if match is None:
        raise SettingError(f"edits hold {words[:40]!r}, which says nothing of a note; {_RIGHT}.")
    number, dotted, said = int(match[1]), match[2], match[3].strip()
    if number < 1:
        raise SettingError(f"edits hold {words[:40]!r}; notes are counted from 1.")
    if dotted is None:
        return _pitch(number, said, concert)
    word = dotted.lower()
    if word in _BOUNDS:
        return Edit(number, word, _value(words, said, (0.0, float("inf")), f"{word}, in seconds,"))
    name = word if word in RANGES else _KNOBS.get(word)
    if name is None:
        known = [*_KNOBS, *_BOUNDS]
        raise SettingError(
            f"edits hold {words[:40]!r}; a note has no {dotted!r}.{did_you_mean(word, known)}"
        )
    return Edit(number, name, _value(words, said, RANGES[name], word))


def _value(words: str, said: str, within: tuple[float, float], what: str) -> float:
    low, high = within
    try:
        value = float(said)
    except ValueError:
        raise SettingError(f"edits hold {words[:40]!r}; {said[:20]!r} is no number.") from None
    if not low <= value <= high or value == float("inf"):
        reach = f"{low:g} to {high:g}" if high < float("inf") else f"{low:g} or later"
        raise SettingError(f"edits hold {words[:40]!r}; {what} may be {reach}.")
    return value


def _pitch(number: int, said: str, concert: float) -> Edit:
    if said.lower() in _WORDS:
        return Edit(number, said.lower())
    tuned = _TUNED.fullmatch(said)
    try:
        pitch = note_number(said)
    except ValueError:
        if tuned is None:
            raise _no_pitch(number, said) from None
        pitch = _tuned(number, said, tuned)
    return Edit(number, "pitch", pitch + concert, note_name(pitch))


def _tuned(number: int, said: str, tuned: re.Match[str]) -> float:
    """Read a pitch with cents."""
    try:
        pitch = note_number(tuned[1]) + float(tuned[2].replace(" ", "")) / 100.0
    except ValueError:
        raise _no_pitch(number, said) from None
    if not 0.0 <= pitch <= 127.0:
        raise _no_pitch(number, said)
    return pitch


def _no_pitch(number: int, said: str) -> SettingError:
    return SettingError(
        f"edits give note {number} {said[:20]!r}; it takes a pitch from C-1 to G9 such as A4, "
        "A#4+20 or 69.2, or leave, or move."
    )


def _aimed(edit: Edit, target: Target) -> Target:
    if edit.what == "leave":
        return replace(target, moves=False, why=LEFT_AS_SAID)
    if edit.what == "move":
        return replace(target, moves=True, why=f"said: move; {target.why}", doubted=False)
    return Target(edit.value, 1.0, moves=True, why=f"said: {edit.name or note_name(edit.value)}")


def _check_bounds(notes: Sequence[TakeNote], moved: set[int], fine: VoiceTrack | None) -> None:
    """Refuse notes that reach into each other, or beyond the take."""
    last = (
        float(fine.times[-1]) + fine.hop_seconds if fine is not None and fine.times.size else None
    )
    for place in sorted(moved):
        note, number = notes[place], place + 1
        if note.seconds < _SHORTEST_SECONDS:
            raise SettingError(
                f"edits make note {number} last from {note.start:.2f} to {note.end:.2f} s; it must "
                f"end at least {_SHORTEST_SECONDS:g} s after it starts."
            )
        if last is not None and note.end > last + _SAME_SECONDS:
            raise SettingError(
                f"edits end note {number} at {note.end:.2f} s; the take ends at {last:.2f} s."
            )
    for number, (before, after) in enumerate(pairwise(notes), start=1):
        crossed = before.end > after.start + _SAME_SECONDS
        if crossed and moved & {number - 1, number}:
            raise SettingError(
                f"edits let note {number} end at {before.end:.2f} s and note {number + 1} start at "
                f"{after.start:.2f} s; move {number}.end or {number + 1}.start so that they do "
                "not overlap."
            )
