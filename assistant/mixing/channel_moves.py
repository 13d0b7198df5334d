"""The moves of one channel of an automix, in the order of a channel strip, each with its reason."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.mixing.channel import Channel
from assistant.mixing.console import SIDE_CHAIN
from assistant.mixing.ducking import Ducking
from assistant.mixing.strip_moves import compressor_moves, eq_moves
from assistant.mixing.tone import REGIONS
from assistant.moves import Move

__all__ = ["channel_moves"]

LEAST_GAIN_DB = 0.5  # nobody hears less of a fader
LEAST_PAN = 0.05
WIDE_DB = -12.0  # of the sides against the middle: what is narrower has no width to turn
ROOMY_DB = -10.0  # what is wider was recorded in a room, or with one


def channel_moves(channel: Channel, style: str, ducked: Ducking | None) -> list[Move]:
    """Say what is to be done with a track.

    Parameters
    ----------
    channel : Channel
        What was worked out.
    style : str
        Title of the style.
    ducked : Ducking, optional
        How the strokes of another track turn it down.

    Returns
    -------
    list of Move
        For this track alone.
    """
    return [
        *_low(channel),
        *_tone(channel),
        *_compressed(channel),
        *_ducked(channel, ducked),
        *_place(channel, style),
        *_fader(channel, style),
        *_sends(channel, style),
    ]


def _low(channel: Channel) -> Iterator[Move]:
    if channel.low_hz:
        why = f"under {channel.low_hz:g} Hz it plays nothing; what is there only takes room"
        yield Move(channel.track.name, "hpf_hz", channel.low_hz, why)


def _tone(channel: Channel) -> Iterator[Move]:
    name = channel.track.name
    role = channel.track.role.words
    for turn in channel.turns:
        region = REGIONS[turn.region].words
        yield from eq_moves(name, turn.band, region, f"{turn.why} for {role}")
    if channel.way:
        yield from eq_moves(name, channel.way.band, "room for the lead", channel.way.why)


def _compressed(channel: Channel) -> Iterator[Move]:
    one = channel.compression
    if one:
        yield from compressor_moves(channel.track.name, one.compressor, "compressor", one.whys)


def _ducked(channel: Channel, ducked: Ducking | None) -> Iterator[Move]:
    if ducked:
        why = (
            f"steps back by {ducked.by_db:g} dB under each stroke of {ducked.key}, so that both"
            " are heard in the same octaves"
        )
        group = f"{SIDE_CHAIN}{ducked.key}"
        yield from compressor_moves(channel.track.name, ducked.compressor, group, why)


def _place(channel: Channel, style: str) -> Iterator[Move]:
    heard, width = channel.track.heard, channel.wanted.width
    if width != 1.0 and heard.side_db > WIDE_DB:
        why = f"its sides lie {heard.side_db:+z.0f} dB against the middle; wider is {style}"
        yield Move(channel.track.name, "width", width, why)
    if channel.pan is not None and abs(channel.pan) >= LEAST_PAN:
        side = "left" if channel.pan < 0.0 else "right"
        why = (
            f"stands in the centre as it came; {abs(channel.pan):.0%} {side} leaves the centre to"
            " the lead, and left and right as loud as each other"
        )
        yield Move(channel.track.name, "pan", channel.pan, why)


def _fader(channel: Channel, style: str) -> Iterator[Move]:
    if abs(channel.gain_db) >= LEAST_GAIN_DB:
        before = channel.track.heard.loudness
        why = (
            f"from {before:.1f} to {before + channel.gain_db:.1f} LUFS where it sounds: its place"
            f" in a {style} mix"
        )
        gain_db = round(channel.gain_db, 1)
        yield Move(channel.track.name, "gain_db", gain_db, why, mode="change")


def _sends(channel: Channel, style: str) -> Iterator[Move]:
    heard = channel.track.heard
    if heard.side_db > ROOMY_DB:
        return
    for send, level_db in channel.wanted.sends.items():
        why = f"comes back {-level_db:.0f} dB under it: the space of a {style} mix"
        yield Move(channel.track.name, "send_db", level_db, why, group=send)
