"""The lead sheet of an arrangement, and what its guitarist has to know."""

from __future__ import annotations

from assistant.theory.harmony.key import Key
from assistant.theory.ideas.arrange import Arrangement
from assistant.theory.page.leadsheet import Change, Sheet, lead_sheet

__all__ = ["hand_of", "sheet_of"]


def sheet_of(
    title: str, made: Arrangement, key: Key, swing: float, lyrics: tuple[str, ...] = ()
) -> str:
    """Write the lead sheet of an arrangement.

    Parameters
    ----------
    title : str
        As printed.
    made : Arrangement
        Its chords, and the track ``melody`` where it has one.
    key : Key
        The key.
    swing : float
        Where the second eighth of a beat was played, 0.5 straight.
    lyrics : tuple of str
        What is sung on each note of the melody.

    Returns
    -------
    str
        MusicXML; for the guitar with the shapes.
    """
    shapes = made.capo.shapes if made.capo else (None,) * len(made.chords)
    changes = tuple(
        Change(mark.start, mark.length, chord, shape)
        for mark, chord, shape in zip(made.marks, made.chords, shapes, strict=True)
    )
    tune = next((track.notes for track in made.score.tracks if track.name == "melody"), ())
    capo = f"Capo {made.capo.fret}" if made.capo and made.capo.fret else ""
    score = made.score
    return lead_sheet(
        Sheet(title, key, changes, score.meters, score.tempos, tune, lyrics, 0.0, swing, "", capo)
    )


def hand_of(made: Arrangement) -> str:
    """Say where a capo goes and which shapes are held; ``""`` for the keys."""
    if made.capo is None:
        return ""
    names = " ".join(dict.fromkeys(shape.name for shape in made.capo.shapes))
    where = f"capo {made.capo.fret}, shapes {names}" if made.capo.fret else f"shapes {names}"
    return "; ".join(part for part in (where, made.capo.why) if part)
