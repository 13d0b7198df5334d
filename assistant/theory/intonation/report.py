"""The report of a corrected take: one page of HTML that stands alone, in light and dark.

Nothing in it depends on when or where it is made: the same take gives the same text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from assistant.contract import Quantity
from assistant.material import note_name
from assistant.reports.frame import figure, frame, key, row, table
from assistant.reports.words import clock, quantity, safe, signed
from assistant.theory.intonation.report_drawing import draw
from assistant.theory.intonation.report_rows import Mark, Row, rows_of
from assistant.theory.intonation.report_style import STYLE
from assistant.theory.intonation.take import Lanes, TakeNote, Target

__all__ = ["TakeReport", "page"]

MAX_ROWS = 60
MAX_LINES = 2000

_MOVED_CENTS = 0.5  # from here on a note was moved; below, it is as it was
_GOOD_CENTS = 10.0  # few ears hear less in a melody
_HATCH = (
    '<svg width="0" height="0" style="position:absolute" aria-hidden="true"><defs>'
    '<pattern id="hatch" width="7" height="7" patternUnits="userSpaceOnUse"'
    ' patternTransform="rotate(45)"><rect width="7" height="7" fill="none"/>'
    '<line x1="0" y1="0" x2="0" y2="7" stroke="var(--aloneblock)" stroke-width="3"/>'
    "</pattern></defs></svg>"
)
_HEADS = (
    ("", "#"),
    ("", "at"),
    ("", "length"),
    ("t", "sung"),
    ("t", "meant"),
    ("", "before"),
    ("", "after"),
    ("t", "vibrato"),
    ("", "drift"),
    ("", "sure"),
    ("t", "done"),
    ("t", "why"),
)


@dataclass(frozen=True, eq=False)
class TakeReport:
    """What the report tells.

    Parameters
    ----------
    title, why : str
        Of the suggestion.
    lanes : Lanes
        f0 before and after.
    notes : sequence of TakeNote
        In order of start; they do not overlap. They are numbered from 1.
    targets : sequence of Target
        One a note.
    after_cents : sequence of float
        How far each note is off its target in what was made.
    measured : mapping of str to Quantity
        The evidence in numbers.
    facts : mapping of str to str
        What was found, such as ``{"key": "A minor, 91 % sure"}``.
    names : callable
        Names a MIDI number as the key spells it.
    bars : sequence of float
        Where bars begin, seconds; empty where that is not known.
    concert : float
        Semitones that the song is tuned above A4 = 440 Hz, which all is named and drawn by.
    follows : bool
        Whether it goes by another take, of which edits speak.
    """

    title: str
    why: str
    lanes: Lanes
    notes: Sequence[TakeNote]
    targets: Sequence[Target]
    after_cents: Sequence[float]
    measured: Mapping[str, Quantity] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)
    names: Callable[[float], str] = note_name
    bars: Sequence[float] = ()
    concert: float = 0.0
    follows: bool = False

    def by_concert_pitch(self) -> TakeReport:
        """Return the same as if A4 were 440 Hz."""
        if not self.concert:
            return self
        lower = self.concert
        lanes = Lanes(self.lanes.times, self.lanes.before - lower, self.lanes.after - lower)
        notes = tuple(replace(note, centre=note.centre - lower) for note in self.notes)
        targets = tuple(
            replace(
                target,
                pitch=target.pitch - lower,
                other=None if target.other is None else target.other - lower,
            )
            for target in self.targets
        )
        return replace(self, lanes=lanes, notes=notes, targets=targets, concert=0.0)


def page(told: TakeReport) -> str:
    """Write the report.

    Of a very long take the rows with the most to see are drawn, and the page says so; it stays
    below about 4 MB.

    Parameters
    ----------
    told : TakeReport
        What it tells.

    Returns
    -------
    str
        HTML with its style and its drawings inside; it asks for nothing from anywhere.
    """
    told = told.by_concert_pitch()
    pairs = zip(told.notes, told.targets, strict=True)
    marks = [Mark(number, note, target) for number, (note, target) in enumerate(pairs, 1)]
    rows = rows_of(marks)
    drawn = _most_telling(rows)
    return frame(
        told.title,
        told.why,
        cards=_cards(told),
        style=STYLE,
        body=(
            _HATCH,
            *_lanes_section(told, marks, rows, drawn),
            *_edits_section(told, marks),
            *_table_section(told, marks, drawn),
        ),
    )


def _most_telling(rows: Sequence[Row]) -> list[Row]:
    """Choose the rows that are drawn, in order of time."""
    if len(rows) <= MAX_ROWS:
        return list(rows)
    ranked = sorted(range(len(rows)), key=lambda i: -rows[i].weight)
    return [rows[i] for i in sorted(ranked[:MAX_ROWS])]


def _cards(told: TakeReport) -> Iterator[tuple[str, str]]:
    """Show what was found and measured."""
    yield from ((name, safe(said)) for name, said in told.facts.items())
    yield from ((name.replace("_", " "), quantity(one)) for name, one in told.measured.items())


def _lanes_section(
    told: TakeReport, marks: Sequence[Mark], rows: Sequence[Row], drawn: Sequence[Row]
) -> Iterator[str]:
    yield f"<section><h2>What was sung, and what was made of it</h2><p>{_summary(told, marks)}</p>"
    if marks:
        yield _legend()
    if len(drawn) < len(rows):
        yield (
            f'<p class="soft">The take has {len(rows)} rows; drawn are the {len(drawn)} with the'
            " most to see.</p>"
        )
    for one in drawn:
        said = f"{clock(one.start)} to {clock(one.end)}"
        yield figure(said, draw(one, told.lanes, told.names, told.bars), f"Notes from {said}")
    yield "</section>"


def _summary(told: TakeReport, marks: Sequence[Mark]) -> str:
    """Say how many notes were moved, and how many were not."""
    if not marks:
        return "No note was heard."
    done = [_done(mark, after) for mark, after in zip(marks, told.after_cents, strict=True)]
    still = done.count("as it was")
    counts = (
        (done.count("moved"), "moved"),
        (still, "as it was" if still == 1 else "as they were"),
        (done.count("left alone"), "left alone"),
    )
    said = ", ".join(f"{count} {words}" for count, words in counts if count)
    return f"{len(marks)} note{'s' if len(marks) > 1 else ''}: {said}."


def _done(mark: Mark, after_cents: float) -> str:
    if not mark.target.moves:
        return "left alone"
    before = (mark.note.centre - mark.target.pitch) * 100.0
    return "moved" if abs(after_cents - before) >= _MOVED_CENTS else "as it was"


def _legend() -> str:
    wave = 'd="M2 10C8 2 12 2 17 8S27 14 32 6"'
    box = 'x="2" y="3" width="30" height="10" rx="3"'
    return key(
        (
            (f'<path class="before" {wave}/>', "as it was sung"),
            (f'<path class="after" {wave}/>', "as it is now"),
            (f'<rect class="block" {box} fill-opacity=".5"/>', "the note meant; paler: less sure"),
            (f'<rect class="alone" {box} fill-opacity=".6"/>', "left alone"),
        )
    )


def _edits_section(told: TakeReport, marks: Sequence[Mark]) -> Iterator[str]:
    """Show how a note is told where to go, with notes of this very take."""
    if not marks or told.follows:
        return
    alone = [mark for mark in marks if not mark.target.moves][:1]
    unsure = sorted(marks, key=lambda mark: mark.target.confidence)
    moved = [mark for mark in unsure if mark.target.moves][:1]
    words = [f"{m.number}={told.names(m.target.other or m.target.pitch)}" for m in alone]
    words += [f"{mark.number}=leave" for mark in moved]
    yield (
        "<section><h2>Change a note</h2><p>Every note has a number. Name it with the note it should"
        " be, or with <code>leave</code>, and ask again; only those notes change.</p>"
        f"<pre><code>--edits &quot;{safe(', '.join(words))}&quot;</code></pre></section>"
    )


def _table_section(told: TakeReport, marks: Sequence[Mark], drawn: Sequence[Row]) -> Iterator[str]:
    if not marks:
        return
    lines = list(zip(marks, told.after_cents, strict=True))
    yield "<section><h2>Note by note</h2>"
    if len(lines) > MAX_LINES:
        seen = {mark.number for one in drawn for mark in one.marks}
        lines = [line for line in lines if line[0].number in seen][:MAX_LINES]
        yield (
            f'<p class="soft">Of {len(marks)} notes the {len(lines)} that are drawn are listed.</p>'
        )
    yield (
        '<p class="soft">Before and after are cents off the note meant, drift is how many it rises'
        " while it is held; times are minutes and seconds.</p>"
    )
    yield table("Note by note", _HEADS, (_line(told, mark, after) for mark, after in lines))
    yield "</section>"


def _line(told: TakeReport, mark: Mark, after_cents: float) -> str:
    note, target = mark.note, mark.target
    before = (note.centre - target.pitch) * 100.0
    good = " good" if abs(after_cents) <= _GOOD_CENTS < abs(before) else ""
    sung = round(note.centre)
    off = signed((note.centre - sung) * 100.0)
    shaking = f"{note.vibrato_hz:.1f} Hz, \u00b1{note.vibrato_cents:.0f}"
    cells = (
        ("", clock(note.start)),
        ("", f"{note.seconds:.2f} s"),
        ("t", safe(f"{told.names(float(sung))} {off}")),
        ("t", safe(_meant(told, target))),
        ("", signed(before)),
        (good.strip(), signed(after_cents)),
        ("t", shaking if note.vibrato_cents else ""),
        ("", signed(note.drift_cents)),
        ("", f"{target.confidence:.0%}".replace("%", "\u2009%")),
        ("t" if target.moves else "alone", _done(mark, after_cents)),
        ("w", safe(target.why)),
    )
    return row(str(mark.number), cells, f"n{mark.number}")


def _meant(told: TakeReport, target: Target) -> str:
    """Name the note meant; both where it may be either."""
    name = told.names(target.pitch)
    either = not target.moves and target.other is not None
    return f"{name} or {told.names(target.other)}" if either and target.other else name
