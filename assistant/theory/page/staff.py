"""Notes on a staff, as MusicXML: how they are spelled, their accidentals, and their syllables."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from assistant.theory.harmony import spelling
from assistant.theory.harmony.chord import Chord
from assistant.theory.harmony.key import Key
from assistant.theory.page.musicxml import alteration, leaf, tag
from assistant.theory.page.notation import Symbol

__all__ = ["Accidentals", "lyric", "note_xml", "rest_xml", "slash_xml", "spell"]

_SIGNS = {-2: "flat-flat", -1: "flat", 0: "natural", 1: "sharp", 2: "double-sharp"}
_UP, _DOWN = range(2, 9), range(-6, 3)  # fifths from the tonic: raised notes, lowered ones
_USUAL = range(-5, 7)  # b2 to #4
_SLASHES = {12: ("quarter", 0), 18: ("quarter", 1), 24: ("half", 0), 48: ("whole", 0),
            6: ("eighth", 0), 9: ("eighth", 1), 36: ("half", 1)}  # fmt: skip
_HOLD = "_"


class Accidentals:
    """Which notes of a bar are sharp or flat by now.

    Parameters
    ----------
    signature : int
        Sharps of the key; flats are negative.
    """

    def __init__(self, signature: int) -> None:
        order = [spelling.name(fifth)[0] for fifth in range(-1, 6)]
        signed = order[:signature] if signature >= 0 else order[signature:]
        sign = 1 if signature >= 0 else -1
        self._by_key = dict.fromkeys(signed, sign)
        self._by_place: dict[tuple[str, int], int] = {}

    def sign(self, fifth: int, pitch: int, *, tied: bool) -> str:
        """Return the accidental to write before a note, ``""`` where none is needed."""
        step, alter, octave = _place(fifth, pitch)
        before = self._by_place.get((step, octave), self._by_key.get(step, 0))
        if tied or before == alter:
            return ""
        self._by_place[step, octave] = alter
        return _SIGNS[alter]


def spell(pitch: int, key: Key, chord: Chord | None, after: int | None) -> int:
    """Spell a note.

    Parameters
    ----------
    pitch : int
        MIDI number.
    key : Key
        Of the song.
    chord : Chord or None
        What sounds with it.
    after : int or None
        The next other pitch.

    Returns
    -------
    int
        Place on the line of fifths: as in the chord, else as in the key, else raised where the
        line goes up a semitone and lowered where it goes down one.
    """
    near = [*(chord.tones if chord else ()), *key.scale]
    for fifth in near:
        if spelling.pitch_class(fifth) == pitch % 12 and abs(alteration(fifth)) <= 2:
            return fifth
    step = 0 if after is None else after - pitch
    range_ = _UP if step == 1 else _DOWN if step == -1 else _USUAL
    tonic = key.tonic + (-3 if key.family == "minor" else 0)
    for fifth in (*range_, *_USUAL):
        if (7 * (tonic + fifth) - pitch) % 12 == 0:
            return spelling.simplest(tonic + fifth)
    raise ValueError(f"{pitch} is no pitch")


def note_xml(symbol: Symbol, pitch: tuple[int, int] | None, sign: str, sung: str) -> str:
    """Write a note or a rest.

    Parameters
    ----------
    symbol : Symbol
        Its value.
    pitch : tuple of (int, int) or None
        Place on the line of fifths and MIDI number; None for a rest.
    sign : str
        Its accidental, or ``""``.
    sung : str
        Its lyric as XML, or ``""``.

    Returns
    -------
    str
        A ``note`` element.
    """
    ties = [kind for kind, tied in zip(("stop", "start"), symbol.tied, strict=True)
            if tied and pitch]  # fmt: skip
    triplet = ""
    if symbol.triplet:
        triplet = tag("time-modification", leaf("actual-notes", "3"),
                      leaf("normal-notes", "2"))  # fmt: skip
    brackets = [tag("tuplet", type=symbol.triplet)] if symbol.triplet in {"start", "stop"} else []
    marks = [*(tag("tied", type=kind) for kind in ties), *brackets]
    return tag(
        "note",
        _pitch_xml(*pitch) if pitch else tag("rest"),
        leaf("duration", str(symbol.length)),
        *(tag("tie", type=kind) for kind in ties),
        leaf("voice", "1"),
        leaf("type", symbol.kind),
        tag("dot") * symbol.dots,
        leaf("accidental", sign) if sign else "",
        triplet,
        *(leaf("beam", kind, number=str(level + 1)) for level, kind in enumerate(symbol.beams)),
        tag("notations", *marks) if marks else "",
        sung,
    )


def rest_xml(length: int) -> str:
    """Write a bar of rest."""
    return tag("note", tag("rest", measure="yes"), leaf("duration", str(length)),
               leaf("voice", "1"))  # fmt: skip


def slash_xml(length: int) -> str:
    """Write a beat to strum."""
    kind, dots = _SLASHES.get(length, ("quarter", 0))
    middle = tag("unpitched", leaf("display-step", "B"), leaf("display-octave", "4"))
    return tag("note", middle, leaf("duration", str(length)), leaf("voice", "1"),
               leaf("type", kind), tag("dot") * dots, leaf("stem", "none"),
               leaf("notehead", "slash"))  # fmt: skip


def lyric(syllables: Sequence[str], index: int) -> str:
    """Write the syllable of a note.

    Parameters
    ----------
    syllables : sequence of str
        See `assistant.theory.page.leadsheet.Sheet`.
    index : int
        Which.

    Returns
    -------
    str
        A ``lyric`` element, or ``""`` where nothing new is sung.
    """
    text = syllables[index].strip()
    if text in {"", _HOLD}:
        return ""
    before = [each.strip() for each in syllables[:index] if each.strip() not in {"", _HOLD}]
    inside, goes_on = bool(before) and before[-1].endswith("-"), text.endswith("-")
    kind = ("middle" if goes_on else "end") if inside else ("begin" if goes_on else "single")
    held = index + 1 < len(syllables) and syllables[index + 1].strip() == _HOLD
    return tag("lyric", leaf("syllabic", kind), leaf("text", text.removesuffix("-")),
               tag("extend") if held and not goes_on else "", number="1")  # fmt: skip


@lru_cache(maxsize=1024)
def _pitch_xml(fifth: int, pitch: int) -> str:
    step, alter, octave = _place(fifth, pitch)
    altered = leaf("alter", str(alter)) if alter else ""
    return tag("pitch", leaf("step", step), altered, leaf("octave", str(octave)))


@lru_cache(maxsize=1024)
def _place(fifth: int, pitch: int) -> tuple[str, int, int]:
    """Find letter, alteration and octave: B#3 is the same key as C4."""
    alter = alteration(fifth)
    return spelling.name(fifth)[0], alter, (pitch - alter) // 12 - 1
