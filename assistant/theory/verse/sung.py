"""Words under a melody that is there already: where they fit, and where they rub."""

from __future__ import annotations

from typing import Any

from assistant.contract import Quantity, Suggestion
from assistant.errors import MaterialError, SettingError
from assistant.material import Material, Meter, Score, Tempo, Track
from assistant.settings import knobs
from assistant.theory.ear.heard import Heard
from assistant.theory.page.leadsheet import Change, Sheet, lead_sheet, unwritable
from assistant.theory.verse.lyrics import Lyrics, check_sayable
from assistant.theory.verse.rubs import counted
from assistant.theory.verse.underlay import Fit, fit_lyrics

__all__ = ["check_sung", "sing"]

_SHOWN = 6  # places where it rubs
_HONOURED = frozenset({"do", "lyrics", "language", "render"})


def check_sung(settings: Any) -> None:
    """Refuse settings that change notes where words are only laid under them.

    Parameters
    ----------
    settings : dataclass
        Of a stage, all declared by `assistant.settings.setting`.

    Raises
    ------
    SettingError
        With the names of those that were asked for and cannot be kept.
    """
    others = [
        knob.name
        for knob in knobs(type(settings))
        if knob.name not in _HONOURED and getattr(settings, knob.name) != knob.default
    ]
    if others:
        raise SettingError(
            f"do is 'sing', which changes no note, so it cannot heed {', '.join(others)};"
            " leave that out, or ask for another do."
        )


def sing(heard: Heard | None, lyrics: Lyrics) -> Suggestion:
    """Lay words under the melody of a song.

    Nothing is translated: the words are the musician's, in whatever language.

    Parameters
    ----------
    heard : Heard or None
        The song.
    lyrics : Lyrics
        The words.

    Returns
    -------
    Suggestion
        ``main`` is the melody, divided where a note has several syllables to carry; the words stand
        in ``leadsheet``.

    Raises
    ------
    MaterialError
        Where there is no melody.
    SettingError
        Where nobody knows how a word is said.
    """
    if heard is None or not heard.melody:
        raise MaterialError("do is 'sing', but there is no melody; give a file that holds one.")
    check_sayable(lyrics)
    meters = heard.meters or (Meter(0.0, heard.meter.numerator, heard.meter.denominator),)
    tempos = heard.tempos or (Tempo(0.0, heard.bpm),)
    fit = fit_lyrics(heard.melody, meters, lyrics, heard.bpm)
    chords = tuple(Change(each.start, each.length, each.chord) for each in heard.chords)
    title = "Your words under your melody"
    track = Track("melody", fit.notes, lyrics=fit.texts)
    material: dict[str, Material | str] = {"main": Score((track,), tempos, meters)}
    why = _why(fit, lyrics, heard)
    if unwritten := unwritable(meters):
        why += f" {unwritten}."
    else:
        sheet = Sheet(title, heard.key, chords, meters, tempos, fit.notes, fit.texts)
        material["leadsheet"] = lead_sheet(sheet)
    return Suggestion(
        title,
        why,
        material,
        measured={
            "fit": Quantity(None, 100.0 * fit.score, "%"),
            "rubs": Quantity(None, float(len(fit.places)), "places"),
        },
        confidence=fit.score * lyrics.certainty,
    )


def _why(fit: Fit, lyrics: Lyrics, heard: Heard) -> str:
    """Say how the words fit, and where not."""
    sung, notes = counted(fit.syllables, "syllable"), counted(len(heard.melody), "note")
    count = f"{sung} on {notes}: {100.0 * fit.score:.0f} % fit."
    if not fit.places:
        return " ".join((count, "Nothing rubs.", *lyrics.said))
    rubs = "; ".join(
        f"bar {place.bar}, beat {place.beat:g}: {place.text}" for place in fit.places[:_SHOWN]
    )
    left = len(fit.places) - _SHOWN
    more = f"; and {counted(left, 'place')} more" if left > 0 else ""
    return " ".join((count, f"{rubs[0].upper()}{rubs[1:]}{more}.", *lyrics.said))
