"""Why a master is as it is, in a musician's words and with the numbers."""

from __future__ import annotations

import math
from collections.abc import Iterator

from assistant.contract import Quantity
from assistant.dsp.drive import Master
from assistant.dsp.loudness import Loudness
from assistant.mastering.codec_loop import Kept
from assistant.mastering.lossy import Lossy

__all__ = [
    "MISSED_LU",
    "PLAINLY_HEARD_DB",
    "busy",
    "codec_reading",
    "crest",
    "limited",
    "little_room",
    "plainly_heard",
    "readings_of",
    "said_of_codecs",
    "said_of_loudness",
    "said_of_quiet",
    "said_of_room",
    "signed",
    "taken",
    "way_to",
]

PLAINLY_HEARD_DB = 8.0
"""More limiting than this is plainly heard."""

MISSED_LU = 0.1
"""What is nearer to a loudness than this has it."""

COSTS_LU = 0.05  # of loudness: less is not worth a word
LITTLE_ROOM_DB = 9.5  # between loudness and peaks: what a limiter leaves
MUCH_GAIN_DB = 30.0  # a quiet mix of a wide range needs less
SAID_DB = 0.05  # what is less is said as nothing
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


def signed(number: float, places: int = 1) -> str:
    """Say a number with its sign: "+1.2"; what is rounded to zero has none, as `:z` has it too."""
    told = f"{number:+z.{places}f}"
    return told[1:] if float(told) == 0.0 else told


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
            f"It came with little room: its peaks stand only {crest(before):z.1f} dB above its"
            " loudness, as behind a limiter"
        )
    more = "; more limiting adds to that, so use the mix from before if there is one"
    return f"{told}{more if master.limiting_db > 0.0 else ''}."


def way_to(before: Loudness, after: Loudness) -> str:
    """Say how far it went in loudness: "4.2 LU up to -14.0 LUFS"."""
    way = after.integrated - before.integrated
    if abs(way) < 0.05:
        return f"{ALREADY} {after.integrated:z.1f} LUFS"
    return f"{abs(way):.1f} LU {'up' if way > 0.0 else 'down'} to {after.integrated:z.1f} LUFS"


def taken(master: Master, in_loudest_db: float) -> str:
    """Say what a limiter takes away: "up to 3.1 dB, 0.8 dB in the mean of the loudest seconds"."""
    most = f"up to {master.limiting_db:.1f} dB"
    if master.limiting_db < 0.05:
        most = "under 0.1 dB"
    return f"{most}, {in_loudest_db:.1f} dB in the mean of the loudest seconds"


def busy(master: Master) -> str:
    """Say for how long was limited: "12 % of the time"."""
    share = "under 1" if master.limited < 0.01 else f"{100.0 * master.limited:.0f}"
    return f"{share} % of the time"


def limited(master: Master, in_loudest_db: float) -> str:
    """Say how much was limited, for how long."""
    return f"{busy(master)} limited, {taken(master, in_loudest_db)}"


def plainly_heard(sensible: float) -> str:
    """Say that there is more limiting than goes unheard, and the loudness that needs no more."""
    return (
        f"more than {PLAINLY_HEARD_DB:g} dB of limiting is plainly heard, and the nearest sensible"
        f" target is {sensible:z.1f} LUFS"
    )


def said_of_loudness(
    before: Loudness,
    after: Loudness,
    master: Master,
    ceiling_db: float,
    sensible: float | None,
    in_loudest_db: float = 0.0,
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
    in_loudest_db : float
        What the limiter takes in the mean of the loudest seconds.

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
        f"{way}; {limited(master, in_loudest_db)}; peaks stood {crest(before):z.1f} dB above the"
        f" loudness and now stand {crest(after):z.1f} dB above it"
    )
    return f"{told}." if sensible is None else f"{told}: {plainly_heard(sensible)}."


def _said_of_peak(peak_db: float, ceiling_db: float) -> str:
    ceiling = f"the ceiling of {ceiling_db:z.1f} dBTP"
    if ceiling_db - peak_db < AT_CEILING_DB:
        return f"the highest peak comes to {ceiling}"
    return f"the highest peak comes to {peak_db:z.1f} dBTP, under {ceiling}"


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


def codec_reading(lossy: Lossy) -> str:
    """Return the name of what is measured behind a codec: ``"aac_128_true_peak"``."""
    return f"{lossy.codec}_{lossy.kbps}_true_peak"


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
    peaks = ", ".join(f"{signed(now)} dBTP ({name})" for name, _, now in pairs)
    if not kept.rounds:
        yield f"Decoded it stays under full scale: {peaks}."
        return
    name, was, _ = max(pairs, key=lambda pair: pair[1])
    price = f"{kept.cost_lu:.2f} LU" if kept.cost_lu >= COSTS_LU else "no loudness to speak of"
    yield (
        f"{name} would have gone to {_over_full(was)}, so a few places were held lower, which took"
        f" {price}; decoded it now stays under full scale: {peaks}."
    )


def _over_full(peak_db: float) -> str:
    """Say a true peak near full scale or over it, where a tenth would say nothing."""
    if abs(peak_db) >= SAID_DB:
        return f"{signed(peak_db)} dBTP"
    return "just over 0 dBTP" if peak_db > 0.0 else "just under 0 dBTP, nearer than is safe"


def said_of_quiet(before: float, gain_db: float) -> str:
    """Say what else a very quiet mix brings up with it.

    Parameters
    ----------
    before : float
        Its integrated loudness, in LUFS.
    gain_db : float
        By how much it is turned up.

    Returns
    -------
    str
        A sentence; empty where that is no more than a mix may need.
    """
    if gain_db <= MUCH_GAIN_DB:
        return ""
    return (
        f"It came at {before:z.1f} LUFS, so quiet that its noise comes up by {gain_db:.0f} dB too:"
        " is this the right file?"
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
