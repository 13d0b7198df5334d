"""What is said of a mix beside a reference: how near it comes, and what no move reaches."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

import numpy as np

from assistant.dsp.third_octaves import BANDS, CENTRES_HZ, band_name
from assistant.mixing.mix_bus import MOST_SQUEEZE_DB, WIDEN_DB
from assistant.mixing.nearing import Nearing
from assistant.mixing.roles import Role
from assistant.mixing.shapes import empty

__all__ = ["reference_told"]

FAR_DB = 3.0  # what is left of a third octave, of width, of density, that is worth a word
MOST_REGIONS = 3
MOST_WIDER_LU = 3.0  # of range: what compression brings at most


def reference_told(found: Nearing) -> tuple[str, ...]:
    """Say how near a mix comes to a reference, and what stays out of reach.

    Parameters
    ----------
    found : Nearing
        From `assistant.mixing.nearing.nearing`.

    Returns
    -------
    tuple of str
        Sentences with numbers.
    """
    return (
        *_spectrum(found),
        *_out_of_reach(found),
        *_roles(found),
        *_width(found),
        *_dense(found),
    )


def _spectrum(found: Nearing) -> Iterator[str]:
    if not found.counts.any():
        yield "There is no part of the spectrum in which mix and reference can be compared."
        return
    told = f"By shape its spectrum lies {found.before_db:.1f} dB from that of the reference"
    moved = any(found.gains_db) or bool(found.bands)
    yield f"{told}; with these moves about {found.after_db:.1f} dB." if moved else f"{told}."


def _out_of_reach(found: Nearing) -> Iterator[str]:
    """Say where the spectrum stays furthest off, and whether anything plays there at all."""
    far = np.where(found.counts & (np.abs(found.left_db) >= FAR_DB), np.sign(found.left_db), 0.0)
    silent = empty(found.mix) & (far > 0.0)
    runs = groupby(range(BANDS), key=lambda n: (float(far[n]), bool(silent[n])))
    off = [
        (float(np.abs(found.left_db[run]).max()), sign, nobody, run)
        for (sign, nobody), run in ((key, list(run)) for key, run in runs)
        if sign
    ]
    for by_db, sign, nobody, run in sorted(off, key=lambda one: (-one[0], one[3]))[:MOST_REGIONS]:
        words = "under" if sign > 0.0 else "over"
        why = "nothing in these stems plays there" if nobody else "more than these moves reach"
        yield f"{_where(run)} it stays up to {by_db:.0f} dB {words} the reference: {why}."


def _where(bands: list[int]) -> str:
    low, high = band_name(CENTRES_HZ[bands[0]]), band_name(CENTRES_HZ[bands[-1]])
    return f"From {low} to {high}" if len(bands) > 1 else f"At {low}"


def _roles(found: Nearing) -> Iterator[str]:
    sides = (found.strangers, found.tracks)
    theirs, ours = ({one.role for one in tracks} - {Role.OTHER} for tracks in sides)
    for role in Role:
        if theirs and role in theirs - ours:
            yield f"The reference has {role.words}; here there is none."
        elif theirs and role in ours - theirs:
            yield f"Here is {role.words}; the reference has none, so its fader stays."


def _width(found: Nearing) -> Iterator[str]:
    short_db = found.width.short_db
    if found.width.width == 1.0 and short_db > WIDEN_DB:
        yield (
            f"The reference is {short_db:.0f} dB wider, but these stems are all but mono (sides"
            f" {found.side_db:+z.0f} dB against the middle), so there is no width to turn up: pan"
            " some, or play them twice."
        )
    elif abs(short_db) >= FAR_DB:
        words = "narrower" if short_db > 0.0 else "wider"
        yield (
            f"The sides stay {abs(short_db):.0f} dB {words} than those of the reference: further"
            f" than a width of {found.width.width:g} they should not be turned."
        )


def _dense(found: Nearing) -> Iterator[str]:
    if found.denser_db > FAR_DB:
        yield (
            f"Peaks of the reference stand {found.denser_db:.1f} dB nearer to its loudness: a"
            " limiter did that, so it is for the master."
        )
    elif found.denser_db < -FAR_DB:
        yield (
            f"Peaks of the reference stand {-found.denser_db:.1f} dB further over its loudness:"
            " what was squeezed out of these stems does not come back."
        )
    if found.wider_lu > MOST_WIDER_LU:
        yield (
            f"Its loudness ranges {found.wider_lu:.1f} LU further than that of the reference: more"
            f" than {MOST_SQUEEZE_DB:g} dB of compression brings; ride the faders."
        )
    elif found.wider_lu < -FAR_DB:
        yield (
            f"The loudness of the reference ranges {-found.wider_lu:.1f} LU further: that is how it"
            " is played and arranged; no move brings it."
        )
