"""Rumble: what goes on all the time under the lowest note of a track.

Feet, traffic, wind and air conditioning are hardly heard, and take headroom from all that is. They
go on while the track rests, where notes and strokes have died away. A bass or a kick may hold its
lowest note for as long, so these are left alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from assistant.dsp.lasting import Lasting, lasting
from assistant.dsp.third_octaves import CENTRES_HZ, STEPS_HZ, levels_of, listen
from assistant.mixing.fault import Fault, Reading
from assistant.mixing.role_names import Role
from assistant.mixing.track import Track
from assistant.moves import Move
from assistant.steps import result

__all__ = ["find_rumble"]

LOW, ABOVE = slice(0, 3), slice(3, 7)  # bands to 35 Hz, where few notes lie; and from there to 90
HIGHEST_HZ = 45.0  # of a rumble
DEEP = {Role.BASS, Role.KICK, Role.BUS}  # may hold a note there
LEAST_DB, TOLD_DB = -25.0, -38.0  # under the sound of the track: a fault, and a matter of taste
OFFSET_DB = -30.0  # of an offset, in the lowest bands: its window smears it so far
WANTED_DB = -25.0  # of the strongest band: what a high-pass leaves alone
COMING = 6.0  # times its floor: a band of notes that come and go
SURELY_HZ = 100.0  # no rumble lies so high
BELOW = 0.6  # of the lowest note: there a high-pass takes 0.5 dB of it
LOWEST_HZ, HIGHEST_CORNER_HZ = 25.0, 120.0
VOICED = 0.5


def find_rumble(tracks: Sequence[Track]) -> tuple[Fault, ...]:
    """Find tracks that rumble.

    Parameters
    ----------
    tracks : sequence of Track
        Of a session.

    Returns
    -------
    tuple of Fault
        Of the kind ``"rumble"``; its value is the level of the rumble against the sound, in dB. A
        matter of taste where it is faint.
    """
    return tuple(fault for track in tracks if track.sounds for fault in _rumble(track))


def _rumble(track: Track) -> Iterator[Fault]:
    lasts = lasting(track.heard.moments.powers)
    if lasts is None or track.role in DEEP:
        return
    low = float(lasts.quiet[LOW].sum()) - _smeared(track)
    level_db = float(levels_of(np.array(low)))
    against_db = level_db - lasts.sounding_db
    if against_db < TOLD_DB or low < float(lasts.quiet[ABOVE].sum()):
        return
    is_taste = against_db < LEAST_DB or track.role is Role.FX
    hertz, corner_hz = _frequency(track), _corner(track, lasts)
    why = (
        f"Around {hertz:.0f} Hz {track.name} rumbles all the time, at {level_db:.0f} dBFS,"
        f" {_beside(against_db)} its sound: nothing that it plays. A high-pass at"
        f" {corner_hz:.0f} Hz takes it away and leaves the lowest notes."
    )
    yield Fault(
        "rumble",
        (track.name,),
        severity=float(np.interp(against_db, (TOLD_DB, LEAST_DB, 0.0), (0.1, 0.3, 0.8))),
        value=against_db,
        unit="dB",
        confidence=float(np.interp(against_db, (TOLD_DB, LEAST_DB, -10.0), (0.5, 0.7, 0.95))),
        why=why,
        listen_for="the bass of the whole mix, which gets firmer",
        is_taste=is_taste,
        evidence={
            "rumble": Reading(level_db, "dBFS"),
            "against the sound": Reading(against_db, "dB"),
            "frequency": Reading(hertz, "Hz"),
        },
        moves=(Move(track.name, "hpf_hz", corner_hz, why),),
    )


def _smeared(track: Track) -> float:
    """Tell how much of the lowest bands is but an offset."""
    offset = np.square(track.heard.offset).mean() if track.heard.offset else 0.0
    return float(offset * 10.0 ** (OFFSET_DB / 10.0))


def _frequency(track: Track) -> float:
    """Tell where under the music there is most."""
    steps_hz = np.array(STEPS_HZ)
    under = steps_hz < HIGHEST_HZ
    return float(steps_hz[under][int(np.argmax(result(listen(track.audio)).steps_db[under]))])


def _corner(track: Track, lasts: Lasting) -> float:
    """Put a high-pass under the lowest notes."""
    powers, centres_hz = track.heard.band_powers, np.array(CENTRES_HZ)
    comes = (powers > COMING * lasts.floors) | (centres_hz >= SURELY_HZ)
    above = centres_hz > HIGHEST_HZ
    strongest = float(powers[above].max())
    wanted = above & comes & (powers >= strongest * 10.0 ** (WANTED_DB / 10.0))
    lowest_hz = float(centres_hz[wanted].min(initial=HIGHEST_CORNER_HZ / BELOW))
    pitch = track.heard.pitch
    if pitch.voiced >= VOICED:
        lowest_hz = min(lowest_hz, pitch.low_hz)
    return float(np.clip(BELOW * lowest_hz, LOWEST_HZ, HIGHEST_CORNER_HZ))


def _beside(against_db: float) -> str:
    return f"{-against_db:.0f} dB under" if against_db <= -0.5 else "as loud as"
