"""The moves of one channel of an automix, in the order of a channel strip, each with its reason."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.dsp.compressor import Compressor
from assistant.dsp.equaliser import Band
from assistant.mixing.channel import Channel
from assistant.mixing.compression import compression_moves
from assistant.mixing.console import SHAPES, SIDE_CHAIN
from assistant.mixing.tone import REGIONS
from assistant.moves import Move

__all__ = ["channel_moves", "compressor_moves", "eq_moves"]

LEAST_GAIN_DB = 0.5  # nobody hears less of a fader
LEAST_PAN = 0.05
WIDE_DB = -12.0  # of the sides against the middle: what is narrower has no width to turn
ROOMY_DB = -10.0  # what is wider was recorded in a room, or with one


def channel_moves(
    channel: Channel, style: str, ducked: tuple[str, Compressor] | None
) -> list[Move]:
    """Say what is to be done with a track.

    Parameters
    ----------
    channel : Channel
        What was worked out.
    style : str
        Title of the style.
    ducked : tuple of (str, Compressor), optional
        The track whose strokes turn it down, and how.

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


def eq_moves(target: str, band: Band, group: str, why: str) -> list[Move]:
    """Return the four moves that make an EQ band; a bell needs no word for its shape."""
    words = {"eq.freq_hz": band.freq_hz, "eq.gain_db": band.gain_db, "eq.q": band.q}
    if band.shape != "bell":
        words["eq.shape"] = float(SHAPES.index(band.shape))
    return [Move(target, word, round(value, 2), why, group=group) for word, value in words.items()]


def compressor_moves(target: str, one: Compressor, group: str, why: str) -> list[Move]:
    """Return the moves that set up a compressor."""
    words = {
        "comp.threshold_db": one.threshold_db,
        "comp.ratio": one.ratio,
        "comp.attack_ms": one.attack_ms,
        "comp.release_ms": one.release_ms,
    }
    if one.makeup_db:
        words["comp.makeup_db"] = one.makeup_db
    return [Move(target, word, value, why, group=group) for word, value in words.items()]


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


def _compressed(channel: Channel) -> tuple[Move, ...]:
    if channel.compression is None:
        return ()
    return compression_moves(channel.track.name, channel.compression, "compressor")


def _ducked(channel: Channel, ducked: tuple[str, Compressor] | None) -> Iterator[Move]:
    if ducked:
        key, compressor = ducked
        why = f"steps back under each stroke of {key!r}, so that both are heard in the same octaves"
        yield from compressor_moves(channel.track.name, compressor, f"{SIDE_CHAIN}{key}", why)


def _place(channel: Channel, style: str) -> Iterator[Move]:
    heard, width = channel.track.heard, channel.wanted.width
    if width != 1.0 and heard.side_db > WIDE_DB:
        why = f"its sides lie {heard.side_db:+.0f} dB against the middle; wider is {style}"
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
