"""Faults of one track that need no role: dead, one channel upside down, lost in mono.

What is wide by an effect is no fault. It is told from a flipped channel by its bass: rooms and
effects leave left and right alike where waves are long, and a flipped channel opposes there most.
What leans to one side is a taste; where both sides hold one sound it was panned, most likely.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from assistant.dsp.moments import Moments
from assistant.dsp.panning import balancing_pan
from assistant.dsp.stereo import EDGES_HZ
from assistant.dsp.third_octaves import CENTRES_HZ
from assistant.mixing.console import MIX
from assistant.mixing.fault import Fault, Reading
from assistant.mixing.faults.side_combs import side_comb
from assistant.mixing.heard import Heard
from assistant.moves import Move

__all__ = ["find_channel_faults", "mix_mono_loss", "mono_loss_db", "mono_losses"]

Row: TypeAlias = NDArray[np.float64]

SHORTEST_SECONDS = 0.4  # that loudness can be told of
FAINT_DB = -70.0
DEAD_DB = 60.0  # between channels
LEANING_DB = 5.0
AS_LOUD_DB = 12.0  # two that are panned apart
TWO_SOUNDS = 0.96  # correlation under which it is a recording of two sides, not panned by hand
LEANING_SURE, PANNED_SURE, ANSWERED = 0.7, 0.4, 0.6
AUDIBLE_DB = -50.0  # of the strongest band
LOW_HZ, LOW_BANDS = 500.0, 6
OPPOSED_LOW = -0.5  # correlation in the bass; wideners at their widest stay above
LOST_DB = 4.0  # in mono; two channels with nothing in common lose 3
BASS_LOST_DB = 6.0
BASS_HEARD_DB = -20.0  # of the whole


def find_channel_faults(names: Sequence[str], heard: Sequence[Heard]) -> tuple[Fault, ...]:
    """Find what is wrong with each track by itself.

    Parameters
    ----------
    names : sequence of str
        Of the tracks.
    heard : sequence of Heard
        What was heard of each.

    Returns
    -------
    tuple of Fault
        Of the kinds ``"dead"``, ``"polarity"``, ``"imbalance"`` and ``"mono_loss"``.
    """
    found: list[Fault] = []
    for n, (name, one) in enumerate(zip(names, heard, strict=True)):
        if _is_dead(one):
            found.append(_dead(name, one))
        elif one.channels > 1:
            others = [other for m, other in enumerate(heard) if m != n]
            found.extend(_stereo(name, one, others))
    return tuple(found)


def mono_losses(bands: Moments) -> Mapping[tuple[float, float], float]:
    """Tell by how much each band falls when left and right are summed.

    Parameters
    ----------
    bands : Moments
        Of a track, or of the whole mix.

    Returns
    -------
    mapping of (float, float) to float
        By edges in Hz (`stereo.EDGES_HZ`): dB against left and right together; 0 where they are
        the same, 3 where they have nothing in common, at most 120.
    """
    centres = np.array(CENTRES_HZ)
    return {
        (low, high): _loss_db(bands, (centres >= low) & (centres < high))
        for low, high in pairwise(EDGES_HZ)
    }


def mono_loss_db(bands: Moments) -> float:
    """Tell by how much a sound falls when left and right are summed, in dB; as `mono_losses`."""
    return _loss_db(bands, np.ones(len(CENTRES_HZ), dtype=bool))


def mix_mono_loss(heard: Heard) -> Fault | None:
    """Tell what the whole mix loses in mono, where that is more than width costs.

    Parameters
    ----------
    heard : Heard
        What was heard of the sum.

    Returns
    -------
    Fault or None
        No taste where the bass is lost: whoever hears it from one loudspeaker hears another song.
    """
    return next(_lost(MIX, heard), None)


def _is_dead(one: Heard) -> bool:
    if one.seconds < SHORTEST_SECONDS:
        return one.peak_db < FAINT_DB
    return one.silent


def _dead(name: str, one: Heard) -> Fault:
    level = (
        "not a sample of sound" if math.isinf(one.peak_db) else f"a peak of {one.peak_db:.0f} dB"
    )
    why = f"{name} is silent from beginning to end ({level})."
    return Fault(
        "dead",
        (name,),
        severity=0.5,
        value=max(one.peak_db, -200.0),
        unit="dBFS",
        confidence=0.95,
        why=why,
        listen_for=f"solo {name}: a take or a plug-in may be missing",
        evidence={"peak": Reading(max(one.peak_db, -200.0), "dBFS")},
        moves=(Move(name, "mute", 1.0, why),),
    )


def _stereo(name: str, one: Heard, others: Sequence[Heard]) -> Iterator[Fault]:
    """Judge a picture: one channel dead explains all else, and a flipped one what is lost."""
    balance_db = one.balance_db
    answered = any(_answers(one, other) for other in others)
    if abs(balance_db) >= DEAD_DB:
        if not answered:
            yield _dead_channel(name, balance_db)
        return
    combed = side_comb(name, one.moments, mono_loss_db(one.moments))
    yield from list(_flipped(name, one)) or combed or _lost(name, one)
    yield from _leaning(name, one, answered=answered)


def _answers(one: Heard, other: Heard) -> bool:
    """Tell whether another track leans the other way: two that are panned apart."""
    balances = one.balance_db, other.balance_db
    opposite = balances[0] * balances[1] < 0.0 and min(map(abs, balances)) >= LEANING_DB
    return opposite and _all_leans(other) and abs(one.loudness - other.loudness) <= AS_LOUD_DB


def _dead_channel(name: str, balance_db: float) -> Fault:
    dead, alive = ("left", "right") if balance_db > 0.0 else ("right", "left")
    why = f"The {dead} channel of {name} is silent; all its sound is on the {alive}."
    return Fault(
        "dead",
        (name,),
        severity=0.5,
        value=abs(balance_db),
        unit="dB",
        confidence=0.6,
        why=why,
        listen_for=f"solo {name}: sound from the {alive} only, unless it was panned there",
        evidence={"right against left": Reading(balance_db, "dB")},
        moves=(
            Move(name, "width", 0.0, why, group="centred"),
            Move(name, "gain_db", 20.0 * math.log10(math.sqrt(2.0)), why, "change", "centred"),
        ),
    )


def _flipped(name: str, one: Heard) -> Iterator[Fault]:
    low = _low_correlation(one)
    whole = one.correlation
    if whole >= 0.0 or min(low, 0.5 * (low + whole)) >= OPPOSED_LOW:
        return
    loss_db = mono_loss_db(one.moments)
    why = (
        f"Left and right of {name} oppose each other (correlation {whole:.2f}, {low:.2f} in the"
        f" bass): one is upside down, and {loss_db:.1f} dB are lost in mono."
    )
    yield Fault(
        "polarity",
        (name,),
        severity=float(np.clip(0.6 + loss_db / 30.0, 0.0, 1.0)),
        value=whole,
        unit="",
        confidence=float(np.clip(0.5 - 0.25 * (whole + low), 0.5, 0.99)),
        why=why,
        listen_for=f"{name} in mono: thin now, and with one channel flipped its body is back",
        evidence={
            "correlation": Reading(whole, ""),
            "correlation in the bass": Reading(low, ""),
            "lost in mono": Reading(loss_db, "dB"),
        },
        moves=(Move(name, "polarity", -1.0, why, "change", "right"),),
    )


def _low_correlation(one: Heard) -> float:
    """Correlate left and right in the bass of a track, each audible band for as much."""
    power = one.moments.left + one.moments.right
    audible = np.flatnonzero(power > power.max() * 10.0 ** (AUDIBLE_DB / 10.0))
    low = [n for n in audible if CENTRES_HZ[n] <= LOW_HZ]
    chosen = low if len(low) >= LOW_BANDS else audible[:LOW_BANDS]
    return float(one.band_correlations[chosen].mean()) if len(chosen) else 1.0


def _lost(name: str, one: Heard) -> Iterator[Fault]:
    losses = mono_losses(one.moments)
    whole = mono_loss_db(one.moments)
    bass = np.array(CENTRES_HZ) < EDGES_HZ[1]
    power = one.moments.left + one.moments.right
    bass_db = 10.0 * math.log10(max(power[bass].sum(), 1e-30) / max(power.sum(), 1e-30))
    bass_loss = _loss_db(one.moments, bass) if bass_db > BASS_HEARD_DB else 0.0
    if whole < LOST_DB and bass_loss < BASS_LOST_DB:
        return
    is_taste = name != MIX or bass_loss < BASS_LOST_DB
    width = math.sqrt(1.0 / max(10.0 ** (max(whole, bass_loss) / 10.0) - 1.0, 1.0))
    why = f"In mono {name} loses {whole:.1f} dB, and {bass_loss:.1f} dB of its bass."
    yield Fault(
        "mono_loss",
        (name,),
        severity=float(np.clip(max(whole, bass_loss) / 20.0, 0.0, 0.5 if is_taste else 0.8)),
        value=whole,
        unit="dB",
        confidence=0.9,
        why=why,
        listen_for="switch to mono: what sinks or goes hollow is only in the difference",
        is_taste=is_taste,
        evidence={f"{low:g}-{high:g} Hz": Reading(db, "dB") for (low, high), db in losses.items()},
        moves=(Move(name, "width", width, why),),
    )


def _leaning(name: str, one: Heard, *, answered: bool) -> Iterator[Fault]:
    """Tell what leans; what was panned by hand has every right to, where another answers it."""
    balance_db = one.balance_db
    if abs(balance_db) < LEANING_DB or not _all_leans(one):
        return
    louder, softer = ("right", "left") if balance_db > 0.0 else ("left", "right")
    panned = float(np.clip((one.correlation - TWO_SOUNDS) / (1.0 - TWO_SOUNDS), 0.0, 1.0))
    if answered and panned > 0.5:
        return
    sure = (LEANING_SURE + panned * (PANNED_SURE - LEANING_SURE)) * (ANSWERED if answered else 1.0)
    why = f"The {softer} channel of {name} is {abs(balance_db):.1f} dB softer than the {louder}."
    yield Fault(
        "imbalance",
        (name,),
        severity=float(np.clip(abs(balance_db) / 60.0, 0.1, 0.4)),
        value=balance_db,
        unit="dB",
        confidence=sure,
        why=why,
        listen_for=f"whether {name} is meant to lean to the {louder}",
        is_taste=True,
        evidence={"right against left": Reading(balance_db, "dB")},
        moves=(Move(name, "pan", balancing_pan(-balance_db), why),),
    )


def _all_leans(one: Heard) -> bool:
    """Tell whether the whole spectrum leans; a piano from low to high does so here and there."""
    left, right = one.moments.left, one.moments.right
    heard = left + right > (left + right).max() * 10.0 ** (AUDIBLE_DB / 10.0)
    bands_db = 10.0 * np.log10((right[heard] + 1e-30) / (left[heard] + 1e-30))
    return bool(np.percentile(bands_db * np.sign(one.balance_db), 25) >= LEANING_DB / 2.0)


def _loss_db(bands: Moments, chosen: NDArray[np.bool_]) -> float:
    both = float((bands.left + bands.right)[chosen].sum())
    shared = 2.0 * float(bands.shared[chosen].sum())
    if both <= 0.0:
        return 0.0
    return max(0.0, -10.0 * math.log10(max((both + shared) / (2.0 * both), 1e-12)))
