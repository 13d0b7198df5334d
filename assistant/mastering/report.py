"""The report of a master: one page of HTML that stands alone, in light and dark.

Nothing in it depends on when or where it is made: the same master gives the same text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from assistant.contract import Quantity
from assistant.dsp.third_octaves import Spectrum
from assistant.mastering.codec_loop import Heard
from assistant.mastering.curves import Curve
from assistant.mastering.lossy import Lossy
from assistant.mastering.over_time import OverTime, Sketch
from assistant.mastering.playback import SAME_DB, Played, as_measured
from assistant.mastering.report_drawing import (
    draw_change,
    draw_gain,
    draw_loudness,
    draw_peaks,
    draw_spectrum,
)
from assistant.mastering.report_style import STYLE
from assistant.mastering.wording import codec_reading
from assistant.reports.frame import figure, frame, key, row, table
from assistant.reports.words import safe, signed

__all__ = ["MasterReport", "page"]

_NAMES = {
    "integrated": "loudness, integrated",
    "short_term_max": "loudest 3 s (short-term)",
    "momentary_max": "loudest 0.4 s (momentary)",
    "loudness_range": "loudness range (LRA)",
    "true_peak": "true peak",
    "peak_to_loudness": "peak to loudness (PLR)",
    "mono_loss": "lost in mono",
    "gain": "gain before the limiter",
    "limiting": "limiting, at most",
    "limiting_in_loudest": "limiting, mean of the loudest seconds",
    "limited": "time that is limited",
    "compare_gain": "gain to compare at the mix's loudness",
}
_HEADS = (("t", "measured"), ("", "before"), ("", "after"), ("", "change"), ("t", "unit"))
_CODEC_HEADS = (("t", "codec"), ("", "true peak as first made"), ("", "true peak now"), ("t", ""))
_PLAYED_HEADS = (
    ("t", "platform"),
    ("", "gain"),
    ("", "plays at"),
    ("", "true peak"),
    ("t", "what it does"),
    ("t", "source"),
)
_WAVE = 'd="M2 10C8 2 12 2 17 8S27 14 32 6"'
_BEFORE = f'<path class="before" {_WAVE}/>'
_AFTER = f'<path class="after" {_WAVE}/>'
_AIM = '<path class="aim" d="M2 8H32"/>'
_BAND = '<rect class="band" x="2" y="2" width="30" height="12"/>'
_NOTHING_TAKEN_DB = -0.005


@dataclass(frozen=True, eq=False)
class MasterReport:
    """What the report tells.

    Parameters
    ----------
    title, why : str
        Of the suggestion.
    before, after : Sketch
        Of the mix and of the master.
    target, ceiling : float
        In LUFS and dBTP.
    measured : mapping of str to Quantity
        What was measured of both.
    facts : mapping of str to str
        What was found, such as ``{"genre": "folk, clearly nearest"}``.
    gain : OverTime or None
        Of the limiter; None where it was not asked.
    aim : Curve, Spectrum or None
        What the tone was compared with: the curve of a genre, or a reference.
    moves : sequence of str
        What was done, each with its reason.
    codecs : tuple of sequence of Heard
        How each codec leaves the master as it was first made, and as it is now; both empty where
        that was not asked.
    played : sequence of Played
        How platforms play it.
    """

    title: str
    why: str
    before: Sketch
    after: Sketch
    target: float
    ceiling: float
    measured: Mapping[str, Quantity] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)
    gain: OverTime | None = None
    aim: Curve | Spectrum | None = None
    moves: Sequence[str] = ()
    codecs: tuple[Sequence[Heard], Sequence[Heard]] = ((), ())
    played: Sequence[Played] = ()


def page(told: MasterReport) -> str:
    """Write the report.

    Parameters
    ----------
    told : MasterReport
        What it tells.

    Returns
    -------
    str
        HTML with its style and its drawings inside, below 400 kB however long the sound; it asks
        for nothing from anywhere.
    """
    return frame(
        told.title,
        told.why,
        cards=((name, safe(said)) for name, said in told.facts.items()),
        style=STYLE,
        body=(
            *_measured_section(told),
            *_moves_section(told),
            *_time_section(told),
            *_spectrum_section(told),
            *_codecs_section(told),
            *_played_section(told),
        ),
    )


def _measured_section(told: MasterReport) -> Iterator[str]:
    below = {*as_measured(told.played), *map(codec_reading, _lossy(told))}  # have their own tables
    rows = [_measured_row(*item) for item in told.measured.items() if item[0] not in below]
    if rows:
        yield f"<section><h2>Measured</h2>{table('Measured', _HEADS, rows)}</section>"


def _lossy(told: MasterReport) -> list[Lossy]:
    return [one.lossy for one in told.codecs[1]]


def _measured_row(name: str, one: Quantity) -> str:
    change = None if one.before is None or one.after is None else one.after - one.before
    cells = (
        ("", _number(one.before)),
        ("", _number(one.after)),
        ("", "" if change is None else signed(change, 2)),
        ("t", safe(one.unit)),
    )
    return row(safe(_NAMES.get(name, name.replace("_", " "))), cells)


def _moves_section(told: MasterReport) -> Iterator[str]:
    yield "<section><h2>What was done</h2>"
    if told.moves:
        yield f'<ol class="moves">{"".join(f"<li>{safe(move)}</li>" for move in told.moves)}</ol>'
    else:
        yield "<p>Nothing but the level was changed.</p>"
    yield "</section>"


def _time_section(told: MasterReport) -> Iterator[str]:
    yield f"<section><h2>Over time</h2>{_matched(told)}"
    yield key(((_BEFORE, "before"), (_AFTER, "after"), (_AIM, "target, and ceiling")))
    loudness = draw_loudness(told.before, told.after, told.target)
    if loudness:
        yield figure(
            f"Loudness, LUFS (target {_number(told.target)})", loudness, "Loudness over time"
        )
    else:
        yield '<p class="soft">The sound is too short for loudness over time.</p>'
    peaks = draw_peaks(told.before, told.after, told.ceiling)
    if peaks:
        yield figure(
            f"True peak, dBTP (ceiling {_number(told.ceiling)})", peaks, "True peak over time"
        )
    yield from _gain(told)
    yield "</section>"


def _gain(told: MasterReport) -> Iterator[str]:
    if told.gain is None or told.gain.values.min(initial=0.0) > _NOTHING_TAKEN_DB:
        yield "<p>The limiter took nothing away.</p>"
    else:
        drawn = draw_gain(told.gain, told.after.seconds)
        yield figure("Gain of the limiter, dB", drawn, "Gain of the limiter over time")


def _matched(told: MasterReport) -> str:
    """Say by how much the mix was moved in the pictures."""
    apart = told.after.integrated - told.before.integrated
    if not abs(apart) >= SAME_DB:
        return '<p class="soft">Both are drawn at the loudness they have, which is the same.</p>'
    way = f"{abs(apart):.1f} dB {'up' if apart > 0.0 else 'down'}"
    return (
        f'<p class="soft">What was before is drawn {way}, as loud as what came of it, so that'
        " only what changed is seen.</p>"
    )


def _spectrum_section(told: MasterReport) -> Iterator[str]:
    drawn = draw_spectrum(told.before, told.after, told.aim)
    if not drawn:
        return
    items = [(_BEFORE, "before"), (_AFTER, "after")]
    if isinstance(told.aim, Spectrum):
        items.append((_AIM, "the reference"))
    elif told.aim is not None:
        items += [(_AIM, told.aim.called), (_BAND, "what is usual around it")]
    yield f"<section><h2>Tone</h2>{key(items)}"
    yield figure("Third octaves, dB", drawn, "Spectrum in third octaves")
    change = draw_change(told.before, told.after)
    yield f"{figure('After less before, dB', change, 'What changed in tone')}</section>"


def _codecs_section(told: MasterReport) -> Iterator[str]:
    first, now = told.codecs
    if not now:
        return
    rows = [_codec_row(*pair) for pair in zip(first, now, strict=True)]
    yield (
        "<section><h2>Behind codecs</h2>"
        '<p class="soft">What a listener&#x27;s decoder makes of it, in dBTP; over 0 it clips.</p>'
        f"{table('Behind codecs', _CODEC_HEADS, rows)}</section>"
    )


def _codec_row(first: Heard, now: Heard) -> str:
    said = f"not checked: {now.why}" if now.true_peak is None else ""
    kind = "" if now.true_peak is None else "good" if now.true_peak <= 0.0 else "warn"
    cells = (("", _number(first.true_peak)), (kind, _number(now.true_peak)), ("w", safe(said)))
    return row(safe(now.lossy.name), cells)


def _played_section(told: MasterReport) -> Iterator[str]:
    if not told.played:
        return
    rows = [_played_row(one) for one in told.played]
    yield (
        "<section><h2>How platforms play it</h2>"
        '<p class="soft">With loudness normalization on. Plays at is LUFS, true peak dBTP before'
        " any codec. Sources: (1) the platform&#x27;s own page, (3) somebody else&#x27;s.</p>"
        f"{table('How platforms play it', _PLAYED_HEADS, rows)}</section>"
    )


def _played_row(one: Played) -> str:
    gain = f"{signed(one.gain_db, 1)} dB"
    if one.most_gain_db - one.gain_db >= SAME_DB:
        gain = f"{signed(one.gain_db, 1)} to {signed(one.most_gain_db, 1)} dB"
    cells = (
        ("", gain),
        ("", _number(one.loudness, 1)),
        ("warn" if one.true_peak > 0.0 else "", _number(one.true_peak, 1)),
        ("w", safe(one.why)),
        ("w s", safe(one.platform.source)),
    )
    return row(safe(one.platform.title), cells)


def _number(value: float | None, places: int = 2) -> str:
    """Say a number with a true minus; nothing where there is none."""
    return "" if value is None else f"{value:z.{places}f}".replace("-", "\u2212")
