"""A whole starting mix from raw stems: level, place, tone, dynamics and space of every track.

Each track is worked out by itself first: what lies under all that it plays, what stands out from
how its role usually sounds, how much a compressor is to hold it. Then the faders bring all of it
into balance, the others make room for the lead where they cover it most, and what may move is
placed so that left and right weigh the same. What is good already stays: who stands at a side or
is wide keeps its place, and a bus is left alone.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from assistant.dsp.weighted_bands import bands_loudness
from assistant.mixing.balance import gains
from assistant.mixing.channel import Channel, channel
from assistant.mixing.channel_moves import channel_moves
from assistant.mixing.ducking import Ducking, ducking
from assistant.mixing.giving_way import Loud, Spot, covered, gives_way
from assistant.mixing.lead import lead_of
from assistant.mixing.panning import Placed, is_mono, places, sides_db
from assistant.mixing.roles import Role
from assistant.mixing.styles import Style
from assistant.mixing.track import Track
from assistant.moves import Move

__all__ = ["Automix", "automix"]

LOUDEST_LUFS = -20.0  # of the sum: peaks of raw stems stand 14 to 20 dB over it
SURE = 2.0  # over the confidence: as likely as not is sure enough to place a track by its role
HIGHEST_DB = 24.0  # of a fader
_IN_THE_CENTRE = {Role.KICK, Role.SNARE, Role.BASS, Role.LEAD_VOCAL}


@dataclass(frozen=True, eq=False)
class Automix:
    """A starting mix.

    Parameters
    ----------
    moves : tuple of Move
        Track by track.
    told : tuple of str
        What was done, in sentences with numbers.
    """

    moves: tuple[Move, ...]
    told: tuple[str, ...]


def automix(tracks: Sequence[Track], style: Style) -> Generator[float, None, Automix]:
    """Make a starting mix.

    Parameters
    ----------
    tracks : sequence of Track
        Of the session. About a minute of each one that sounds is read.
    style : Style
        How it is to sound.

    Yields
    ------
    float
        Share that is done.

    Returns
    -------
    Automix
        The same for the same tracks. No moves where nothing sounds.
    """
    played = [one for one in tracks if one.sounds and one.role is not Role.BUS]
    leads = lead_of(played)
    channels = []
    for n, track in enumerate(played):
        channels.append(replace(channel(track, style), is_lead=track in leads))
        yield (n + 1) / (len(played) + 1)
    gains_db = gains(tracks, style.balance)
    balanced = _with_headroom([_balanced(one, gains_db) for one in channels])
    spot = _spot(balanced, style)
    cleared = [_cleared(one, spot, style, leads) for one in balanced]
    placed = _placed(cleared)
    ducked = _ducking(placed, style)
    moves = [
        move
        for one in placed
        for move in channel_moves(one, style.title, ducked.get(one.track.name))
    ]
    yield 1.0
    return Automix(tuple(moves), tuple(_told(placed, style, spot)))


def _balanced(one: Channel, gains_db: Mapping[str, float]) -> Channel:
    """Set the fader: to its place in the balance, whatever EQ does to its loudness."""
    gain_db = gains_db.get(one.track.name, 0.0) - one.loudness_shift_db
    return replace(one, gain_db=min(gain_db, HIGHEST_DB))


def _with_headroom(channels: Sequence[Channel]) -> list[Channel]:
    """Turn all down alike where the sum would come too near to full scale."""
    if not channels:
        return []
    left, right = (np.asarray(sum(side)) for side in zip(*(c.sides for c in channels), strict=True))
    over = max(0.0, bands_loudness(left, right) - LOUDEST_LUFS)
    return [replace(one, gain_db=one.gain_db - over) for one in channels]


def _spot(channels: Sequence[Channel], style: Style) -> Spot | None:
    louds = [(one, Loud(one.track, one.factors)) for one in channels]
    leads = [loud for one, loud in louds if one.is_lead]
    others = [loud for one, loud in louds if not one.is_lead]
    return covered(leads, others, style.clear_db) if leads else None


def _cleared(one: Channel, spot: Spot | None, style: Style, leads: Sequence[Track]) -> Channel:
    if spot is None or one.is_lead or spot.freq_hz > 0.45 * one.track.heard.rate:
        return one
    most_db = style.room_db * one.wanted.yields
    return replace(one, way=gives_way(spot, one.track.name, most_db, leads[0].name))


def _placed(channels: Sequence[Channel]) -> list[Channel]:
    pans = places([_to_place(one) for one in channels])
    return [replace(one, pan=pans.get(one.track.name)) for one in channels]


def _to_place(one: Channel) -> Placed:
    heard, role = one.track.heard, one.track.role
    stays = role in _IN_THE_CENTRE or one.is_lead or not is_mono(heard.balance_db, heard.side_db)
    left, right = one.sides
    # What may as well lead stays near the centre.
    reach = 0.0 if stays else one.wanted.reach * min(1.0, SURE * one.track.guess.confidence)
    return Placed(one.track.name, role.value, reach, left, right)


def _ducking(channels: Sequence[Channel], style: Style) -> dict[str, Ducking]:
    """Let basses step back under the kick that is heard most, by name."""
    kicks = [one for one in channels if one.track.role is Role.KICK]
    basses = [one.track for one in channels if one.track.role is Role.BASS]
    if not (style.duck_db and kicks and basses):
        return {}
    key = max(kicks, key=lambda one: float(sum(side.sum() for side in one.sides))).track
    return {bass.name: ducking(bass, key, style.duck_db) for bass in basses}


def _told(channels: Sequence[Channel], style: Style, spot: Spot | None) -> Iterator[str]:
    """Say what was done, and what was left."""
    yield f"A {style.title} mix: {style.about}."
    leads = [one.track for one in channels if one.is_lead]
    if leads and leads[0].role is not Role.LEAD_VOCAL:
        yield f"No vocal is there: {leads[0].name} is taken to lead."
    yielding = sum(one.way is not None for one in channels)
    if spot is not None and yielding:
        yield (
            f"{leads[0].name} is covered most at {spot.freq_hz / 1000.0:g} kHz, where"
            f" {yielding} of {len(channels) - len(leads)} other tracks"
            f" {'gives' if yielding == 1 else 'give'} way."
        )
    placed = [_to_place(one) for one in channels]
    pans = {one.track.name: one.pan or 0.0 for one in channels}
    moved = [name for name, pan in pans.items() if pan]
    if moved:
        yield (
            f"{', '.join(moved)} {'goes' if len(moved) == 1 else 'go'} off the centre;"
            f" right against left is {sides_db(placed, pans):+z.1f} dB."
        )
