"""Words under a melody that is there already: where they fit, and where they rub."""

from __future__ import annotations

from assistant.contract import Quantity, Suggestion
from assistant.errors import MaterialError, SettingError
from assistant.material import Meter, Score, Tempo, Track
from assistant.theory.ear.heard import Heard
from assistant.theory.page.leadsheet import Change, Sheet, lead_sheet
from assistant.theory.verse.lyrics import Lyrics
from assistant.theory.verse.underlay import Fit, fit_lyrics

__all__ = ["sing"]

_SHOWN = 6  # places where it rubs


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
    if lyrics.unknown:
        raise SettingError(
            f"lyrics has {lyrics.unknown[0]!r}, whose syllables nobody here knows; write it with"
            " hyphens, such as ri-ver."
        )
    meters = heard.meters or (Meter(0.0, heard.meter.numerator, heard.meter.denominator),)
    tempos = heard.tempos or (Tempo(0.0, heard.bpm),)
    fit = fit_lyrics(heard.melody, heard.meter, lyrics, heard.bpm)
    chords = tuple(Change(each.start, each.length, each.chord) for each in heard.chords)
    title = "Your words under your melody"
    sheet = Sheet(title, heard.key, chords, meters, tempos, fit.notes, fit.texts)
    return Suggestion(
        title,
        _why(fit, lyrics, heard),
        {
            "main": Score((Track("melody", fit.notes),), tempos, meters),
            "leadsheet": lead_sheet(sheet),
        },
        measured={
            "fit": Quantity(None, 100.0 * fit.score, "%"),
            "rubs": Quantity(None, float(len(fit.places)), "places"),
        },
        confidence=fit.score,
    )


def _why(fit: Fit, lyrics: Lyrics, heard: Heard) -> str:
    """Say how the words fit, and where not."""
    count = (
        f"{fit.syllables} syllables on {len(heard.melody)} notes: {100.0 * fit.score:.0f} % fit."
    )
    if not fit.places:
        return " ".join((count, "Nothing rubs.", *lyrics.said))
    rubs = "; ".join(f"bar {place.bar}, beat {place.beat:g}: {place.text.rstrip('.')}"
                     for place in fit.places[:_SHOWN])  # fmt: skip
    more = f"; and {len(fit.places) - _SHOWN} places more" if len(fit.places) > _SHOWN else ""
    return " ".join((count, f"{rubs[0].upper()}{rubs[1:]}{more}.", *lyrics.said))
