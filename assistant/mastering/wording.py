"""Why a master is as it is, in a musician's words and with the numbers."""

from __future__ import annotations

import math
from collections.abc import Iterator

from assistant.contract import Quantity
from assistant.dsp.drive import Master
from assistant.dsp.loudness import Loudness
from assistant.mastering.codec_loop import Kept

__all__ = [
    "crest",
    "limited",
    "little_room",
    "readings_of",
    "said_of_codecs",
    "said_of_loudness",
    "said_of_room",
    "way_to",
]

PLAINLY_HEARD_DB = 8.0
"""More limiting than this is plainly heard."""

COSTS_LU = 0.05  # of loudness: less is not worth a word
LITTLE_ROOM_DB = 9.5  # between loudness and peaks: what a limiter leaves
AT_CEILING_DB = 0.2  # what meters differ by
MANY_FLAT_TOPS = 10  # fewer may be chance

ALREADY = "Already at"

UNITS = {
    "integrated": "LUFS",
    "short_term_max": "LUFS",
    "momentary_max": "LUFS",
    "loudness_range": "LU",
    "true_peak": "dBTP",
}


def crest(reading: Loudness) -> float:
    """Return how far the peaks stand over the loudness, in dB."""
    return reading.true_peak - reading.integrated


def little_room(before: Loudness, flat_tops: int) -> bool:
    """Tell whether a mix was limited or clipped before it came here."""
    return crest(before) < LITTLE_ROOM_DB or flat_tops >= MANY_FLAT_TOPS


def said_of_room(before: Loudness, flat_tops: int, master: Master) -> str:
    """Say what a mix was left with by a limiter or a clipper before.

    Parameters
    ----------
    before : Loudness
        Of the mix.
    flat_tops : int
        Places where it was cut off flat.
    master : Master
        What the limiter does now.

    Returns
    -------
    str
        A sentence; empty where there is nothing to say.
    """
    if not little_room(before, flat_tops):
        return ""
    if flat_tops >= MANY_FLAT_TOPS:
        told = f"It came clipped, cut off flat in {flat_tops} places, which nothing here mends"
    else:
        told = (
            f"It came with little room: its peaks stand only {crest(before):.1f} dB above its"
            " loudness, as behind a limiter"
        )
    more = "; more limiting adds to that, so use the mix from before if there is one"
    return f"{told}{more if master.limiting_db > 0.0 else ''}."


def way_to(before: Loudness, after: Loudness) -> str:
    """Say how far it went in loudness: "4.2 LU up to -14.0 LUFS"."""
    way = after.integrated - before.integrated
    if abs(way) < 0.05:
        return f"{ALREADY} {after.integrated:.1f} LUFS"
    return f"{abs(way):.1f} LU {'up' if way > 0.0 else 'down'} to {after.integrated:.1f} LUFS"


def limited(master: Master) -> str:
    """Say how much was limited, for how long."""
    share = "under 1" if master.limited < 0.01 else f"{100.0 * master.limited:.0f}"
    return f"{share} % of the time limited, {master.limiting_db:.1f} dB at most"


def said_of_loudness(
    before: Loudness, after: Loudness, master: Master, ceiling_db: float, sensible: float | None
) -> str:
    """Say what loudness cost.

    Parameters
    ----------
    before, after : Loudness
        Of the mix and of the master.
    master : Master
        What the limiter did.
    ceiling_db : float
        In dBTP.
    sensible : float, optional
        The loudness that 8 dB of limiting give, where it took more.

    Returns
    -------
    str
        A sentence.
    """
    way = way_to(before, after)
    if master.limiting_db == 0.0:
        alone = "" if way.startswith(ALREADY) else " by gain alone"
        return f"{way}{alone}; {_said_of_peak(after.true_peak, ceiling_db)}, so nothing is limited."
    told = (
        f"{way}; {limited(master)}; peaks stood {crest(before):.1f} dB above the loudness and"
        f" now stand {crest(after):.1f} dB above it"
    )
    if sensible is None:
        return f"{told}."
    return (
        f"{told}: more than {PLAINLY_HEARD_DB:g} dB of limiting is plainly heard, and the"
        f" nearest sensible target is {sensible:.1f} LUFS."
    )


def _said_of_peak(peak_db: float, ceiling_db: float) -> str:
    if ceiling_db - peak_db < AT_CEILING_DB:
        return f"the highest peak comes up to the ceiling of {ceiling_db:.1f} dBTP"
    return (
        f"the highest peak comes to {peak_db:.1f} dBTP, under the ceiling of {ceiling_db:.1f} dBTP"
    )


def said_of_codecs(kept: Kept) -> str:
    """Say what codecs make of a master, and what keeping them under full scale cost.

    Parameters
    ----------
    kept : Kept
        From `assistant.mastering.codec_loop.keep_under`.

    Returns
    -------
    str
        A sentence; empty where none was asked for.
    """
    return " ".join(_codec_sentences(kept))


def _codec_sentences(kept: Kept) -> Iterator[str]:
    unknown = [one for one in kept.after if one.true_peak is None]
    if unknown:
        names = ", ".join(one.lossy.name for one in unknown)
        yield f"The codec check was not made for {names}: {unknown[0].why}."
    pairs = [
        (now.lossy.name, was.true_peak, now.true_peak)
        for was, now in zip(kept.before, kept.after, strict=True)
        if was.true_peak is not None and now.true_peak is not None
    ]
    if not pairs:
        return
    peaks = ", ".join(f"{now:+.1f} dBTP ({name})" for name, _, now in pairs)
    if not kept.rounds:
        yield f"Decoded it stays under full scale: {peaks}."
        return
    name, was, _ = max(pairs, key=lambda pair: pair[1])
    price = f"{kept.cost_lu:.2f} LU" if kept.cost_lu >= COSTS_LU else "no loudness to speak of"
    yield (
        f"{name} would have gone to {was:+.1f} dBTP, so a few places were held lower, which took"
        f" {price}; decoded it now stays under full scale: {peaks}."
    )


def readings_of(before: Loudness, after: Loudness) -> dict[str, Quantity]:
    """Set readings before and after side by side, those that the sound is long enough for.

    Parameters
    ----------
    before, after : Loudness
        Of the mix and of the master.

    Returns
    -------
    dict of str to Quantity
        By the names of the house.
    """
    pairs = {name: (getattr(before, name), getattr(after, name)) for name in UNITS}
    pairs["peak_to_loudness"] = crest(before), crest(after)
    return {
        name: Quantity(*pair, UNITS.get(name, "dB"))
        for name, pair in pairs.items()
        if all(map(math.isfinite, pair))
    }
