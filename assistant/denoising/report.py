"""The report of a cleaned take: what was found, what was done, and the sound seen before and after.

One page of HTML that stands alone. Nothing in it depends on when or where it is made: the same
take gives the same text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from assistant.contract import Quantity
from assistant.denoising.findings import Finding
from assistant.reports import style
from assistant.reports.frame import figure, frame, row, table
from assistant.reports.spectrogram import LOWEST_HZ, RANGE_DB, Picture, picture
from assistant.reports.words import clock, quantity, safe

__all__ = ["DenoiseReport", "page"]

_STYLE = style.STYLE + (
    "figure img.seen{display:block;width:100%;min-width:50rem;height:14rem;"
    "image-rendering:auto;border-radius:.4rem}\ntbody th{text-align:left}\n"
)
_HEADS = (("t", "what"), ("", "how strong"), ("", "how sure"), ("t", "where"), ("t", "in words"))
_MEASURED_HEADS = (("t", "measured"), ("t", "before and after"))
MAX_SPANS = 6
"""Places that are told by their times; more are counted."""


@dataclass(frozen=True, eq=False)
class DenoiseReport:
    """What the report tells.

    Parameters
    ----------
    title, why : str
        Of the suggestion.
    seconds : float
        How long the take is.
    rate : int
        Of the take, in Hz.
    facts : mapping of str to str
        What the take is taken for, where the print is from, and the like.
    findings : sequence of Finding
        What was found, mended or not.
    measured : mapping of str to Quantity
        Before and after.
    done : sequence of str
        What was done, in order, each with its reason.
    before, after, residual : Picture
        The sound seen.
    """

    title: str
    why: str
    seconds: float
    rate: int
    before: Picture
    after: Picture
    residual: Picture
    facts: Mapping[str, str] = field(default_factory=dict)
    findings: Sequence[Finding] = ()
    measured: Mapping[str, Quantity] = field(default_factory=dict)
    done: Sequence[str] = ()


def page(told: DenoiseReport) -> str:
    """Write the report.

    Parameters
    ----------
    told : DenoiseReport
        What it tells.

    Returns
    -------
    str
        HTML with its pictures inside; it asks for nothing from anywhere.
    """
    return frame(
        told.title,
        told.why,
        cards=((name, safe(said)) for name, said in told.facts.items()),
        style=_STYLE,
        body=(*_found(told), *_done(told), *_seen(told), *_measured(told)),
    )


def _found(told: DenoiseReport) -> Iterator[str]:
    yield "<section><h2>Found</h2>"
    if told.findings:
        yield table("Found", _HEADS, map(_finding, told.findings))
    else:
        yield "<p>Nothing that should not be there.</p>"
    yield "</section>"


def _finding(one: Finding) -> str:
    cells = (
        ("", quantity(Quantity(one.strength, None, one.unit))),
        ("", f"{100.0 * one.confidence:.0f}\u2009%"),
        ("t", one.where(MAX_SPANS).removeprefix("at ")),
        ("w", safe(one.why)),
    )
    return row(safe(one.kind), cells)


def _done(told: DenoiseReport) -> Iterator[str]:
    yield "<section><h2>What was done</h2>"
    items = "".join(f"<li>{safe(one)}</li>" for one in told.done)
    yield f"<ol>{items}</ol>" if items else "<p>Nothing: the take is as it was.</p>"
    yield "</section>"


def _seen(told: DenoiseReport) -> Iterator[str]:
    low, high = RANGE_DB
    yield (
        f'<section><h2>Seen</h2><p class="soft">{clock(told.seconds)} from left to right; pitch'
        f" upwards in even steps, from {LOWEST_HZ:g} Hz to {told.rate / 2000.0:.3g} kHz; brighter"
        f" is stronger, from {low:.0f} to {high:.0f} dBFS; places that were found are marked in"
        " blue along the top.</p>".replace("-", "\u2212")
    )
    spans = [
        (first / told.seconds, last / told.seconds)
        for one in told.findings
        for first, last in one.spans
    ]
    for name, seen, marks in (
        ("before", told.before, spans),
        ("after", told.after, ()),
        ("what was taken away", told.residual, spans),
    ):
        yield figure(name, picture(seen, marks), f"Spectrogram, {name}")
    yield "</section>"


def _measured(told: DenoiseReport) -> Iterator[str]:
    if told.measured:
        rows = [
            row(safe(name.replace("_", " ")), (("t", quantity(one)),))
            for name, one in told.measured.items()
        ]
        yield f"<section><h2>Measured</h2>{table('Measured', _MEASURED_HEADS, rows)}</section>"
