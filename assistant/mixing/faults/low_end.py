"""Kick and bass that fight for the same octaves: the bass steps back under each stroke.

How much of the lows is the bass's while the kick strikes is read from the powers of both. The ear
tells two sounds so low apart so badly that the model of it finds all of the kick's lows lost under
any bass, and so cannot say which mix is better; it is asked what the whole of the kick gains.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence

import numpy as np

from assistant.dsp.ear import COMPONENT_HZ, COMPONENTS, Curve
from assistant.dsp.third_octaves import CENTRES_HZ
from assistant.mixing.console import SIDE_CHAIN
from assistant.mixing.ducking import duck
from assistant.mixing.fault import Fault, Reading
from assistant.mixing.making_room import room_made
from assistant.mixing.masked import MixMasking
from assistant.mixing.role_names import Role
from assistant.mixing.strip_moves import compressor_moves
from assistant.mixing.track import Track

__all__ = ["LOW_HZ", "find_low_end"]

LOW_HZ = 150.0
DEEPEST_DB = 6.0  # more is heard as pumping
LEAST_SHARE = 0.25  # of the lows under a stroke, that is the bass's: less does not fight
LEAST_HELP = 0.005  # of the loudness of the kick: less is not heard of what others hide too
STROKE_SHARE = 0.25  # of the power of a full stroke
FEWEST_STROKES = 4  # windows
MOST_SEVERITY = 0.15
_LOW = COMPONENT_HZ < LOW_HZ


def find_low_end(
    measured: MixMasking, tracks: Sequence[Track]
) -> Generator[float, None, tuple[Fault, ...]]:
    """Find out whether kick and bass fight.

    Parameters
    ----------
    measured : MixMasking
        From `assistant.mixing.masked.measure_masking` of the tracks.
    tracks : sequence of Track
        The tracks of the mix.

    Yields
    ------
    float
        Share that is done.

    Returns
    -------
    tuple of Fault
        One at most, of the kind ``"masking"`` and a matter of taste: the bass, then the kick. Of
        several of a kind it is the one with most in the lows.
    """
    lows = measured.powers[..., _LOW].mean(axis=1, dtype=np.float64).sum(axis=2)
    used = [one for one in tracks if one.sounds]
    kick, bass = (_lowest(used, lows, role) for role in (Role.KICK, Role.BASS))
    if kick is None or bass is None:
        return ()
    strokes = np.flatnonzero(lows[kick] > STROKE_SHARE * np.percentile(lows[kick], 98))
    strokes = strokes[lows[kick][strokes] > 0.0]
    if len(strokes) < FEWEST_STROKES:
        return ()
    share = float((lows[bass] / (lows[bass] + lows[kick] + 1e-12))[strokes].mean())
    if share < LEAST_SHARE:
        return ()
    two = used[bass], used[kick]
    by_db = round(DEEPEST_DB * share, 1)
    factors = np.full(COMPONENTS, 10.0 ** (-by_db / 10.0))
    before, after = room_made(measured, bass, factors, strokes).lost
    yield 1.0
    if before[kick] - after[kick] < LEAST_HELP:
        return ()
    return (_told(two, share, by_db, (before[kick], after[kick])),)


def _lowest(tracks: Sequence[Track], lows: Curve, role: Role) -> int | None:
    """Find the track of a role with most in the lows."""
    places = [n for n, one in enumerate(tracks) if one.role is role and lows[n].any()]
    return max(places, key=lambda n: float(lows[n].sum()), default=None)


def _told(
    two: tuple[Track, Track],
    share: float,
    by_db: float,
    lost: tuple[float, float],
) -> Fault:
    bass, kick = (one.name for one in two)
    at_hz = _lowest_hz(two[1])
    compressor = duck(two[1].peaks, by_db)
    why = (
        f"while {kick} strikes, {share:.0%} of what sounds under {LOW_HZ:.0f} Hz is {bass}. Turned"
        f" down by {by_db:.1f} dB under each stroke (threshold {compressor.threshold_db:.1f} dB on"
        f" {kick}), {bass} leaves more of it: {kick} loses {lost[0]:.1%} of its loudness in the"
        f" mix, {lost[1]:.1%} then. With EQ instead: {-by_db:+.1f} dB for {bass} around"
        f" {at_hz:.0f} Hz, where {kick} is strongest."
    )
    return Fault(
        "masking",
        (bass, kick),
        severity=MOST_SEVERITY * share,
        value=100.0 * share,
        unit="%",
        confidence=0.4 + 0.5 * min(one.guess.confidence for one in two),
        why=why,
        listen_for=f"the beginning of each stroke of {kick}, at low volume; where {bass} is"
        " heard to pump, raise the threshold",
        is_taste=True,
        evidence={
            "bass under strokes": Reading(100.0 * share, "%"),
            f"{kick} lost": Reading(100.0 * lost[0], "%"),
            f"{kick} lost after": Reading(100.0 * lost[1], "%"),
            f"{kick} strongest at": Reading(at_hz, "Hz"),
        },
        moves=tuple(compressor_moves(bass, compressor, f"{SIDE_CHAIN}{kick}", why)),
    )


def _lowest_hz(kick: Track) -> float:
    """Tell where a kick is strongest in the lows."""
    centres = np.array(CENTRES_HZ)
    low = (centres > 35.0) & (centres < LOW_HZ)
    return float(centres[low][kick.heard.band_powers[low].argmax()])
