"""What faders do to the sum, told without rendering it."""

from __future__ import annotations

import math
from collections.abc import Sequence

from assistant.dsp.decibels import amplitude
from assistant.mixing.console import StripSettings, strip_settings
from assistant.mixing.sends import SENDS
from assistant.mixing.track import Track
from assistant.moves import Move

__all__ = ["level_change_db"]

_UNTOUCHED = StripSettings()


def level_change_db(tracks: Sequence[Track], moves: Sequence[Move]) -> float:
    """Tell by how much faders and mutes change the level of the sum.

    Parameters
    ----------
    tracks : sequence of Track
        Of one session, whose powers add up.
    moves : sequence of Move
        What else they do does not count, nor does what is done to the sum.

    Returns
    -------
    float
        In dB: 0.0 where nothing sounds, and where all is muted.
    """
    strips = strip_settings(moves, [one.name for one in tracks], SENDS)
    powers = [one.heard.frames * _power(one) for one in tracks]
    gains = [_gain(strips.get(one.name, _UNTOUCHED)) for one in tracks]
    before = sum(powers)
    after = sum(power * gain**2 for power, gain in zip(powers, gains, strict=True))
    return 10.0 * math.log10(after / before) if before > 0.0 and after > 0.0 else 0.0


def _power(track: Track) -> float:
    return float((track.heard.moments.left + track.heard.moments.right).sum())


def _gain(strip: StripSettings) -> float:
    return 0.0 if strip.mute else amplitude(strip.gain_db)
