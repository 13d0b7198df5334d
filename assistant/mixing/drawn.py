"""What the report page of a mix is told."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from assistant.contract import Quantity
from assistant.dsp.panning import balancing_pan, pan_gains
from assistant.dsp.third_octaves import CENTRES_HZ, FLOOR_DB, Levels
from assistant.mixing.balance import Standing, standings
from assistant.mixing.console import StripSettings, strip_settings
from assistant.mixing.finding import Ground
from assistant.mixing.heard import Heard
from assistant.mixing.masked import MixMasking
from assistant.mixing.measuring import Sides
from assistant.mixing.report import page
from assistant.mixing.report_told import Hidden, MixReport, TrackTold
from assistant.mixing.sends import SENDS
from assistant.mixing.strip_response import strip_gain_db
from assistant.mixing.track import Track
from assistant.mixing.way import Way
from assistant.moves import Move

__all__ = ["report_of"]

_ONE_SIDED_DB = 30.0  # from there on a track stands at a side
_UNTOUCHED = StripSettings()


def report_of(
    ground: Ground,
    way: Way,
    moves: Sequence[Move],
    sides: Sides,
    measured: Mapping[str, Quantity],
) -> str:
    """Draw the page of a suggestion.

    Parameters
    ----------
    ground : Ground
        The mix as it came.
    way : Way
        What is proposed.
    moves : sequence of Move
        As they are done.
    sides : Sides
        The mix before and after.
    measured : mapping of str to Quantity
        The same in numbers.

    Returns
    -------
    str
        HTML that stands alone.
    """
    strips = strip_settings(moves, [one.name for one in ground.tracks], SENDS)
    stands = {one.track.name: one for one in standings(ground.tracks, ground.balance)}
    rows = [
        _row(one, ground.masking, stands.get(one.name), strips.get(one.name, _UNTOUCHED), sides)
        for one in ground.tracks
    ]
    before, after = sides.spectra
    facts = {"balance": ground.balance.title}
    told = way.told if way.is_mending else None
    return page(MixReport(way.title, way.why, rows, told, moves, before, after, measured, facts))


def _row(
    track: Track,
    masking: MixMasking,
    stands: Standing | None,
    strip: StripSettings,
    sides: Sides,
) -> TrackTold:
    heard, name = track.heard, track.name
    before, after = (side.get(name) for side in sides.heard)
    hidden = _hidden(masking, name)
    spectrum = None if heard.silent else heard.levels_db
    return TrackTold(
        name,
        track.role,
        track.guess.confidence,
        track.guess.why,
        heard.loudness if stands is None else stands.loudness,
        place=None if stands is None else stands.place,
        gain_db=strip.gain_db,
        pan=_leaning(heard.balance_db),
        panned=_leaning(heard.balance_db + _pan_db(strip.pan)) if strip.pan else None,
        peak_db=heard.true_peak_db,
        lost=None if before is None else 1.0 - before,
        lost_after=None if after is None else 1.0 - after,
        by="" if hidden is None else _most(masking, name),
        spectrum=spectrum,
        spectrum_after=None if spectrum is None or strip.mute else _moved(spectrum, strip, heard),
        hidden=hidden,
    )


def _moved(spectrum: Levels, strip: StripSettings, heard: Heard) -> Levels:
    """Tell a spectrum behind a strip, as far as filters, EQ and fader go."""
    moved = spectrum + strip_gain_db(strip, np.array(CENTRES_HZ), heard.rate)
    return np.where(spectrum <= FLOOR_DB, spectrum, np.maximum(moved, FLOOR_DB))


def _leaning(balance_db: float) -> float:
    """Tell where a sound lies whose right channel is so much louder."""
    return balancing_pan(float(np.clip(balance_db, -_ONE_SIDED_DB, _ONE_SIDED_DB)))


def _pan_db(pan: float) -> float:
    """Tell by how much a pan makes the right channel louder than the left."""
    left, right = np.maximum(pan_gains(pan), 1e-6)
    return 20.0 * math.log10(right / left)


def _hidden(masking: MixMasking, name: str) -> Hidden | None:
    """Tell where a track is hidden, and by whom."""
    if name not in masking.names or not len(masking.starts):
        return None
    n = masking.names.index(name)
    takers = masking.found.taken_bands[n]
    by = [
        masking.names[taker] if takers[taker, band] > 0.0 else ""
        for band, taker in enumerate(takers.argmax(axis=0))
    ]
    return Hidden(masking.alone_bands[n], masking.found.lost_share_bands[n], by)


def _most(masking: MixMasking, name: str) -> str:
    """Name who takes most from a track."""
    takers = masking.taken_shares[masking.names.index(name)]
    return masking.names[int(takers.argmax())] if takers.any() else ""
