"""The words of MusicXML 4.0 that a lead sheet needs: tags, chord symbols, frames, directions."""

from __future__ import annotations

import re
from functools import lru_cache

from assistant.theory.guitar.shapes import Shape
from assistant.theory.harmony import spelling
from assistant.theory.harmony.chord import Chord

__all__ = ["KINDS", "alteration", "harmony", "leaf", "tag", "tempo_mark", "words"]

_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})
_ODD = re.compile(r'[&<>"\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]')
_CONTROLS = dict.fromkeys((*range(0x20), 0x7F, *range(0xD800, 0xE000), 0xFFFE, 0xFFFF))
_FRAME_FRETS = 4

_SUSPENDED = ((4, 0), (3, 0))

KINDS: dict[str, tuple[str, tuple[tuple[int, int], ...]]] = {
    "maj": ("major", ()),
    "min": ("minor", ()),
    "dim": ("diminished", ()),
    "aug": ("augmented", ()),
    "5": ("power", ()),
    "sus2": ("suspended-second", ()),
    "sus4": ("suspended-fourth", ()),
    "6": ("major-sixth", ()),
    "m6": ("minor-sixth", ()),
    "add9": ("major", ((9, 0),)),
    "madd9": ("minor", ((9, 0),)),
    "7": ("dominant", ()),
    "maj7": ("major-seventh", ()),
    "m7": ("minor-seventh", ()),
    "m(maj7)": ("major-minor", ()),
    "m7b5": ("half-diminished", ()),
    "dim7": ("diminished-seventh", ()),
    "7sus4": ("dominant", _SUSPENDED),
    "7#5": ("augmented-seventh", ()),
    "7b5": ("dominant", ((5, -1),)),
    "maj7#5": ("major-seventh", ((5, 1),)),
    "69": ("major-sixth", ((9, 0),)),
    "m69": ("minor-sixth", ((9, 0),)),
    "9": ("dominant-ninth", ()),
    "maj9": ("major-ninth", ()),
    "m9": ("minor-ninth", ()),
    "9sus4": ("dominant-ninth", _SUSPENDED),
    "m11": ("minor-11th", ()),
    "13": ("dominant-13th", ()),
    "7b9": ("dominant", ((9, -1),)),
    "7#9": ("dominant", ((9, 1),)),
    "7b13": ("dominant", ((13, -1),)),
    "7#11": ("dominant", ((11, 1),)),
    "maj7#11": ("major-seventh", ((11, 1),)),
}
"""By quality: the ``kind``, and degrees to add, to alter (a fifth) or to take away (a third)."""


def tag(name: str, /, *children: str, **attributes: str) -> str:
    """Write an element.

    Parameters
    ----------
    name : str
        Of the element.
    *children : str
        XML, written as it is.
    **attributes : str
        Escaped here.

    Returns
    -------
    str
        XML.
    """
    said = "".join(f' {key}="{_escaped(value)}"' for key, value in attributes.items())
    inside = "".join(children)
    return f"<{name}{said}>{inside}</{name}>" if inside else f"<{name}{said}/>"


@lru_cache(maxsize=4096)
def leaf(name: str, text: str, /, **attributes: str) -> str:
    """Write an element that holds text; escaped here, control signs are dropped."""
    return tag(name, _escaped(text), **attributes)


def alteration(fifth: int) -> int:
    """Count the sharps of a place on the line of fifths; flats are negative."""
    return (fifth + 1) // 7


def harmony(chord: Chord, shape: Shape | None = None) -> str:
    """Write a chord symbol.

    Parameters
    ----------
    chord : Chord
        The chord.
    shape : Shape, optional
        A frame to draw above it.

    Returns
    -------
    str
        A ``harmony`` element.
    """
    kind, degrees = KINDS.get(chord.kind, ("other", ()))
    suffix = chord.quality.suffix
    shown = {"text": suffix} if suffix else {}
    return tag(
        "harmony",
        _note("root", chord.root),
        leaf("kind", kind, **shown),
        _note("bass", chord.bass) if chord.bass != chord.root else "",
        *(_degree(*degree) for degree in degrees),
        _frame(shape) if shape else "",
    )


def tempo_mark(bpm: float, compound: bool) -> str:
    """Write a tempo.

    Parameters
    ----------
    bpm : float
        Quarter notes a minute.
    compound : bool
        Whether the beat is a dotted quarter, and is counted so.

    Returns
    -------
    str
        A ``direction`` element.
    """
    dot = tag("beat-unit-dot") if compound else ""
    counted = bpm / 1.5 if compound else bpm
    mark = tag(
        "metronome",
        leaf("beat-unit", "quarter"),
        dot,
        leaf("per-minute", f"{round(counted, 1):g}"),
    )
    sound = tag("sound", tempo=f"{bpm:g}")
    return tag("direction", tag("direction-type", mark), sound, placement="above")


def words(text: str) -> str:
    """Write an instruction above the staff."""
    return tag("direction", tag("direction-type", leaf("words", text)), placement="above")


def _note(name: str, fifth: int) -> str:
    """Write the root or the bass of a chord."""
    step, alter = spelling.name(fifth)[0], alteration(fifth)
    altered = leaf(f"{name}-alter", str(alter)) if alter else ""
    return tag(name, leaf(f"{name}-step", step), altered)


def _degree(value: int, alter: int) -> str:
    kind = {3: "subtract", 5: "alter"}.get(value, "add")
    parts = (("value", str(value)), ("alter", str(alter)), ("type", kind))
    # What is to be read stands in the text of the kind already.
    return tag("degree", *(leaf(f"degree-{name}", text) for name, text in parts),
               **{"print-object": "no"})  # fmt: skip


def _frame(shape: Shape) -> str:
    """Draw a chord diagram; MusicXML counts strings from the highest."""
    highest = max((fret for fret in shape.frets if fret), default=1)
    first = 1 if highest <= _FRAME_FRETS else shape.position
    rows = max(_FRAME_FRETS, highest - first + 1)
    count = len(shape.frets)
    notes = [
        _frame_note(shape, string, count - string)
        for string in range(count)
        if shape.frets[string] is not None
    ]
    return tag(
        "frame",
        leaf("frame-strings", str(count)),
        leaf("frame-frets", str(rows)),
        leaf("first-fret", str(first)) if first > 1 else "",
        *notes,
    )


def _frame_note(shape: Shape, string: int, number: int) -> str:
    finger = shape.fingers[string]
    ends = [
        kind
        for barre in shape.barres
        for kind, at in (("start", barre.first), ("stop", barre.last))
        if at == string
    ]
    return tag(
        "frame-note",
        leaf("string", str(number)),
        leaf("fret", str(shape.frets[string])),
        leaf("fingering", str(finger)) if finger else "",
        *(tag("barre", type=kind) for kind in ends[:1]),
    )


def _escaped(text: str) -> str:
    return text.translate(_CONTROLS).translate(_ENTITIES) if _ODD.search(text) else text
