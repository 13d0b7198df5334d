"""A lead sheet as MusicXML 4.0: melody, chord symbols, words and guitar frames on one staff.

Nothing in it depends on when or where it is written: the same song gives the same text.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.errors import MaterialError
from assistant.material import Meter, Note, Tempo
from assistant.theory.guitar.shapes import Shape
from assistant.theory.harmony.chord import Chord
from assistant.theory.harmony.key import Key
from assistant.theory.page.bars import DIVISIONS, Bar, bars_of, divisions, groups, unwritable
from assistant.theory.page.musicxml import harmony, leaf, tag, tempo_mark, words
from assistant.theory.page.notation import Symbol, write
from assistant.theory.page.staff import Accidentals, lyric, note_xml, rest_xml, slash_xml, spell

__all__ = ["Change", "Sheet", "lead_sheet", "unwritable"]

_BARS_A_LINE = 4
_SWUNG = 0.55  # from here on eighths are written straight and played swung
_BASS_CLEF_BELOW = 55.0
_LOOK_AHEAD = 8  # notes, to see where a repeated one goes
_HEAD = (
    '<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n'
    '<!DOCTYPE score-partwise PUBLIC "-//Recordare//DTD MusicXML 4.0 Partwise//EN"'
    ' "http://www.musicxml.org/dtds/partwise.dtd">\n'
)


@dataclass(frozen=True, slots=True)
class Change:
    """A chord from a beat on.

    Parameters
    ----------
    start, length : float
        In beats.
    chord : Chord
        The chord.
    shape : Shape, optional
        How it is held; drawn above the symbol.
    """

    start: float
    length: float
    chord: Chord
    shape: Shape | None = None


@dataclass(frozen=True)
class Sheet:
    """A song to write down.

    Parameters
    ----------
    title : str
        As printed.
    key : Key
        Signature and mode; the whole song is in it.
    chords : tuple of Change
        In order of start.
    meters : tuple of Meter
        In order of beat, the first at beat 0.
    tempos : tuple of Tempo
        In order of beat.
    melody : tuple of Note
        Any order; where several sound at once the highest is the melody. Without one, bars hold
        slashes to strum by.
    lyrics : tuple of str
        A syllable a note of the melody, in order: ``"hel-"`` where the word goes on, ``"_"`` where
        the syllable before is held, ``""`` for none.
    pickup : float
        Beats before the first whole bar; beat 0 is where the pickup starts.
    swing : float
        Where the second eighth of a beat was played, 0.5 straight; eighths are written straight.
    composer, instruction : str
        Printed where there are any; an instruction is such as ``"Capo 3"``.
    """

    title: str
    key: Key
    chords: tuple[Change, ...]
    meters: tuple[Meter, ...] = (Meter(0.0, 4, 4),)
    tempos: tuple[Tempo, ...] = ()
    melody: tuple[Note, ...] = ()
    lyrics: tuple[str, ...] = ()
    pickup: float = 0.0
    swing: float = 0.5
    composer: str = ""
    instruction: str = ""

    @property
    def beats(self) -> float:
        """Where the last chord and the last note have ended."""
        ends = [change.start + change.length for change in self.chords]
        return max([*ends, *(note.end for note in self.melody)], default=0.0)


def lead_sheet(sheet: Sheet) -> str:
    """Write a lead sheet.

    Parameters
    ----------
    sheet : Sheet
        The song.

    Returns
    -------
    str
        MusicXML 4.0, partwise; bars add up, and notes and chords are on a grid of sixteenths or
        triplet eighths.

    Raises
    ------
    MaterialError
        Where there are more syllables than notes, or `unwritable` has a reason.
    """
    bars = bars_of(sheet.meters, sheet.pickup, sheet.beats)
    if len(sheet.lyrics) > len(sheet.melody):
        raise MaterialError(
            f"There are {len(sheet.lyrics)} syllables for {len(sheet.melody)} notes;"
            " one note or more a syllable is needed."
        )
    melody = _one_at_a_time(sheet.melody, sheet.swing)
    written = write(melody, bars)
    changes = tuple(divisions(change.start) for change in sheet.chords)
    writer = _Writer(sheet, melody, tuple(_marks(sheet)), changes)
    measures = "".join(
        writer.measure(bar, before, symbols, last=bar is bars[-1])
        for before, bar, symbols in zip((None, *bars), bars, written, strict=False)
    )
    return (
        _HEAD
        + tag(
            "score-partwise",
            tag("work", leaf("work-title", sheet.title)),
            _identification(sheet),
            tag("part-list", tag("score-part", leaf("part-name", "Lead sheet"), id="P1")),
            tag("part", "\n", measures, id="P1"),
            version="4.0",
        )
        + "\n"
    )


def _identification(sheet: Sheet) -> str:
    composer = leaf("creator", sheet.composer, type="composer") if sheet.composer else ""
    return tag("identification", composer, tag("encoding", leaf("software", "bandmate")))


def _one_at_a_time(notes: Iterable[Note], swing: float) -> tuple[Note, ...]:
    """Keep the highest of notes that start together, and straighten swung eighths."""
    ordered = sorted(notes, key=lambda note: (note.start, -note.pitch))
    line: list[Note] = []
    for note in ordered:
        if not line or note.start - line[-1].start > 1e-6:
            line.append(note)
    if swing < _SWUNG:
        return tuple(line)
    return tuple(_straightened(note, swing) for note in line)


def _straightened(note: Note, swing: float) -> Note:
    start = _straight(note.start, swing)
    return replace(note, start=start, length=_straight(note.end, swing) - start)


def _straight(beat: float, swing: float) -> float:
    """Move a place within its beat so that what fell on `swing` falls on the half."""
    whole, part = divmod(beat, 1.0)
    if part <= swing:
        return whole + part * 0.5 / swing
    return whole + 0.5 + (part - swing) * 0.5 / (1.0 - swing)


def _marks(sheet: Sheet) -> Iterator[tuple[int, str]]:
    """Say what stands above the staff, and where (divisions), in order."""
    compound = sheet.meters[0].denominator == 8 and sheet.meters[0].numerator % 3 == 0
    marks = [(divisions(tempo.beat), tempo_mark(tempo.bpm, compound))
             for tempo in sheet.tempos]  # fmt: skip
    if sheet.swing >= _SWUNG:
        marks.append((0, words("Swing")))
    if sheet.instruction:
        marks.append((0, words(sheet.instruction)))
    marks += [(divisions(change.start), harmony(change.chord, change.shape))
              for change in sheet.chords]  # fmt: skip
    return iter(sorted(marks, key=lambda mark: mark[0]))


@dataclass(frozen=True)
class _Writer:
    """What the measures of one sheet share; `changes` is where its chords start, in divisions."""

    sheet: Sheet
    melody: tuple[Note, ...]
    marks: tuple[tuple[int, str], ...]
    changes: tuple[int, ...]

    def measure(
        self, bar: Bar, before: Bar | None, symbols: Sequence[Symbol], *, last: bool
    ) -> str:
        """Write one bar, after the one before it."""
        parts = [self._line_break(bar), self._attributes(bar, before)]
        within = (bisect_left(self.marks, place, key=_where) for place in (bar.start, bar.end))
        marks = self.marks[slice(*within)]
        for start, length, xml in self._content(bar, symbols):
            parts += [_shifted(mark, at - start) for at, mark in marks if at < start + length
                      and at >= start]  # fmt: skip
            parts.append(xml)
        if last:
            style = leaf("bar-style", "light-heavy")
            parts.append(tag("barline", style, location="right"))
        number = {"number": str(bar.number)} | ({} if bar.number else {"implicit": "yes"})
        return tag("measure", *parts, **number) + "\n"

    def _content(self, bar: Bar, symbols: Sequence[Symbol]) -> Iterator[tuple[int, int, str]]:
        """Write what fills a bar: where each part starts, how long it is, and its XML."""
        if symbols:
            accidentals = Accidentals(self.sheet.key.signature)
            for symbol in symbols:
                yield symbol.start, symbol.length, self._symbol(symbol, accidentals)
        elif self.melody or not bar.number:
            yield bar.start, bar.length, rest_xml(bar.length)
        else:
            place = bar.start
            for length in groups(bar.meter.numerator, bar.meter.denominator):
                yield place, length, slash_xml(length)
                place += length

    def _symbol(self, symbol: Symbol, accidentals: Accidentals) -> str:
        if symbol.note is None:
            return note_xml(symbol, None, "", "")
        fifth = self._spelled(symbol.note, symbol.start)
        pitch = round(self.melody[symbol.note].pitch)
        sign = accidentals.sign(fifth, pitch, tied=symbol.tied[0])
        sung = "" if symbol.tied[0] else self._lyric(symbol.note)
        return note_xml(symbol, (fifth, pitch), sign, sung)

    def _spelled(self, index: int, start: int) -> int:
        """Spell a note by the key, the chord over it, and where the line goes next."""
        at = bisect_right(self.changes, start) - 1
        chord = self.sheet.chords[at].chord if at >= 0 else None
        pitch = round(self.melody[index].pitch)
        following = (round(note.pitch) for note in self.melody[index + 1 : index + _LOOK_AHEAD])
        after = next((other for other in following if other != pitch), None)
        return spell(pitch, self.sheet.key, chord, after)

    def _lyric(self, index: int) -> str:
        syllables = self.sheet.lyrics
        return lyric(syllables, index) if index < len(syllables) else ""

    def _line_break(self, bar: Bar) -> str:
        new_line = bar.number > 1 and (bar.number - 1) % _BARS_A_LINE == 0
        return tag("print", **{"new-system": "yes"}) if new_line else ""

    def _attributes(self, bar: Bar, before: Bar | None) -> str:
        """Write clef, key and metre at the start, and the metre where it changes."""
        meter = tag(
            "time",
            leaf("beats", str(bar.meter.numerator)),
            leaf("beat-type", str(bar.meter.denominator)),
        )
        if before is None:
            signature, clef = _key_xml(self.sheet.key), self._clef()
            return tag("attributes", leaf("divisions", str(DIVISIONS)), signature, meter, clef)
        return tag("attributes", meter) if bar.meter != before.meter else ""

    def _clef(self) -> str:
        pitches = [note.pitch for note in self.melody]
        low = bool(pitches) and sum(pitches) / len(pitches) < _BASS_CLEF_BELOW
        sign, line = ("F", "4") if low else ("G", "2")
        return tag("clef", leaf("sign", sign), leaf("line", line))


def _where(mark: tuple[int, str]) -> int:
    return mark[0]


def _key_xml(key: Key) -> str:
    mode = "minor" if key.mode.endswith("minor") else key.mode
    return tag("key", leaf("fifths", str(key.signature)), leaf("mode", mode))


def _shifted(mark: str, offset: int) -> str:
    """Place what is not at the start of a note: an offset comes last but for sound and staff."""
    if not offset:
        return mark
    moved = leaf("offset", str(offset))
    for close in ("<sound", "</direction>", "</harmony>"):
        if close in mark:
            head, rest = mark.split(close, 1)
            return head + moved + close + rest
    raise ValueError(f"{mark[:40]!r} takes no offset")
