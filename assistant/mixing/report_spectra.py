"""The spectra of a mix on its report: pictures, what their lines are, and the same in numbers."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from assistant.dsp.third_octaves import CENTRES_HZ, FLOOR_DB, Levels, band_name, levels_of, power_of
from assistant.mixing.report_drawing import (
    chosen,
    draw_change,
    draw_hidden,
    draw_sum,
    draw_tracks,
)
from assistant.mixing.report_style import role_class
from assistant.mixing.report_told import HIDDEN, SHADED, MixReport, Region, TrackTold
from assistant.mixing.report_words import named, percent
from assistant.reports.frame import figure, key, row, table
from assistant.reports.words import signed

__all__ = ["spectra", "sum_spectra"]

_WAVE = 'd="M2 10C8 2 12 2 17 8S27 14 32 6"'
_BEFORE = f'<path class="before" {_WAVE}/>'
_AFTER = f'<path class="after" {_WAVE}/>'
_SUM = f'<path class="sum" {_WAVE}/>'
_SHADE = '<rect class="r-other hidden" x="2" y="2" width="30" height="12"/>'
_OCTAVE = 3  # third octaves
_FIRST = 1  # third octave of the lowest octave, which is that of 31.5 Hz
_OCTAVES_HZ = CENTRES_HZ[_FIRST + 1 :: _OCTAVE]
_HIDDEN_HEADS = (("t", "track"), ("t", "where, Hz"), ("t", "in words"))
_BAND_HEADS = (("t", "third octave"), ("", "before, dB"), ("", "after, dB"), ("", "change, dB"))
_OCTAVE_HEADS = (("t", "track"), *(("", band_name(hertz)) for hertz in _OCTAVES_HZ))


def spectra(told: MixReport) -> Iterator[str]:
    """Show the spectra of all tracks, and where one is hidden.

    Parameters
    ----------
    told : MixReport
        What the report tells.

    Yields
    ------
    str
        A section; nothing where nothing sounds.
    """
    drawn = draw_tracks(told)
    if not drawn:
        return
    yield f"<section><h2>Spectra</h2>{_legend(told)}"
    yield figure("Third octaves of all tracks as they came, dB", drawn, "Spectra of the tracks")
    if any(one.spectrum_after is not None for one in told.tracks):
        after = draw_tracks(told, after=True)
        yield figure("The same with the moves, dB", after, "Spectra with the moves")
    numbers = table("Octaves of the tracks as they came, dB", _OCTAVE_HEADS, _octave_rows(told))
    yield f"<details><summary>Octaves in numbers, dB</summary>{numbers}</details>"
    yield from _hidden(told)
    yield "</section>"


def _octave_rows(told: MixReport) -> Iterator[str]:
    for one in told.by_role():
        if one.spectrum is not None:
            yield row(named(one.name), [("", cell) for cell in _octaves(one.spectrum)])
    if told.spectrum is not None:
        yield row("the sum", [("", cell) for cell in _octaves(told.spectrum)])


def _octaves(levels: Levels) -> Iterator[str]:
    power = np.add.reduceat(power_of(levels[_FIRST:]), np.arange(0, len(levels) - _FIRST, _OCTAVE))
    yield from map(_level, levels_of(power).tolist())


def _legend(told: MixReport) -> str:
    numbered = chosen(told)
    items = "".join(
        f'<li class="{role_class(one.role)}"><svg viewBox="0 0 34 16" aria-hidden="true">'
        f'<path class="track told" d="M1 8H33"/><circle class="disc" cx="17" cy="8" r="8"/>'
        f'<text class="digit" x="17" y="11.6" text-anchor="middle">{n}</text></svg>'
        f"<span>{named(one.name)} ({one.role.words})</span></li>"
        for n, one in enumerate(numbered, start=1)
    )
    others = [one for one in told.by_role() if one.seen and one not in numbered]
    roles = {one.role: sum(other.role == one.role for other in others) for one in others}
    thin = (
        (f'<path class="track {role_class(role)}" {_WAVE}/>', f"{role.words} ({count} more)")
        for role, count in roles.items()
    )
    shade = ((_SHADE, "where a track is hidden"),) if told.hidden() else ()
    return f'<ul class="key tracks">{items}</ul>' + key(((_SUM, "the sum"), *shade, *thin))


def _hidden(told: MixReport) -> Iterator[str]:
    """Tell where tracks are hidden, and by whom."""
    tracks = [one for one in told.by_role() if one.regions]
    if not tracks:
        if any(one.hidden is not None for one in told.tracks):
            yield "<p>No track is hidden by the others where it is at its loudest.</p>"
        return
    colours = {one.name: role_class(one.role) for one in told.tracks}
    scale = row("", (("c", draw_hidden(())), ("w", "")))
    yield "<h2>Where tracks are hidden</h2>"
    yield (
        '<p class="soft">Where a track is at its loudest, and the others leave less than'
        f" {percent(1.0 - HIDDEN)} of that to be heard; in the colour of who takes most. Shaded in"
        f" the spectra above is the worst place of {SHADED} tracks at most, from the line of the"
        " track up to the sum.</p>"
    )
    yield table("Hidden", _HIDDEN_HEADS, (scale, *(_hidden_row(one, colours) for one in tracks)))


def _hidden_row(one: TrackTold, colours: dict[str, str]) -> str:
    drawn = draw_hidden([(region, colours.get(region.by, "r-other")) for region in one.regions])
    words = "; ".join(map(_region_words, one.regions))
    return row(named(one.name), (("c", drawn), ("w", words)))


def _region_words(region: Region) -> str:
    by = f" under {named(region.by)}" if region.by else ""
    return (
        f"{band_name(region.low_hz)} to {band_name(region.high_hz)}{by}"
        f" ({percent(region.lost)} lost)"
    )


def sum_spectra(told: MixReport) -> Iterator[str]:
    """Show the spectrum of the sum, before and after, as `spectra` does."""
    drawn = draw_sum(told.spectrum, told.spectrum_after)
    if not drawn or told.spectrum_after is None:
        return
    lines = key(((_BEFORE, "before"), (_AFTER, "after")))
    yield f"<section><h2>The sum, before and after</h2>{lines}"
    yield figure("Third octaves of the sum, dB", drawn, "Spectrum of the sum")
    change = draw_change(told.spectrum, told.spectrum_after)
    if change:
        yield figure("After less before, dB", change, "What changed in the sum")
    if told.spectrum is not None:
        rows = _band_rows(told.spectrum, told.spectrum_after)
        numbers = table("The sum in third octaves", _BAND_HEADS, rows)
        yield f"<details><summary>The same in numbers</summary>{numbers}</details>"
    yield "</section>"


def _band_rows(before: Levels, after: Levels) -> Iterator[str]:
    for hertz, old, new in zip(CENTRES_HZ, before.tolist(), after.tolist(), strict=True):
        both = min(old, new) > FLOOR_DB
        cells = (_level(old), _level(new), signed(new - old, 1) if both else "")
        yield row(band_name(hertz), [("", cell) for cell in cells])


def _level(value: float) -> str:
    return signed(value, 1).removeprefix("+") if value > FLOOR_DB else "\u2013"
