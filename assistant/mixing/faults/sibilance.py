"""Sibilance: an s that stands out of a voice, and the de-esser that takes what is too much.

Each s is held against the loud vowels of the same voice, through the ear of the de-esser itself,
so that neither level nor a bright microphone counts, and what is said to be too much is what has
to be taken. Its threshold is looked for by running it. How sharp an s may be is a matter of taste
up to where it is as loud as the loudest vowels; from there on it is a fault.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from assistant.dsp.biquads import Biquads, Pair, band_pass
from assistant.dsp.compressor import Compressor, Reduction
from assistant.dsp.decibels import decibels
from assistant.dsp.deesser import ATTACK_MS, MOST_DB, RATIO, RELEASE_MS, WIDTH_Q
from assistant.dsp.mouth import bursts
from assistant.dsp.peak_cells import CELLS_PER_SECOND
from assistant.dsp.peak_hold import PeakHold
from assistant.dsp.sibilance import PLAN
from assistant.dsp.stereo import front_pair
from assistant.dsp.third_octaves import CENTRES_HZ
from assistant.material import Audio
from assistant.mixing.excerpts import excerpt
from assistant.mixing.fault import Fault, Reading
from assistant.mixing.heard import Heard
from assistant.mixing.role_names import Role
from assistant.mixing.track import Track
from assistant.moves import PARAMETERS, Move
from assistant.steps import result

__all__ = ["Sharpness", "deesser_for", "find_sibilance", "sharpness"]

Row: TypeAlias = NDArray[np.float64]

SUNG = (Role.LEAD_VOCAL, Role.BACKING_VOCAL)
SURE = 0.6  # of the role, to call it a fault

EXCERPT_SECONDS = 32.0
HISSING_HZ = (4_500.0, 12_500.0)
CENTRE_HZ = (4_000.0, 12_000.0)  # within which the middle of the hiss is looked for
HIGHEST = 0.45  # of the rate
LEAST_RATE_HZ = 16_000
LEAST_COUNT = 2  # one alone may be a breath
VOICE = 0.3  # least share of the power that is voice: less is a cymbal with a wrong name
BESIDE_LOUDEST_DB = -10.0  # softer ones are other consonants

WANTED_DB = -9.0  # of an s against loud vowels, as the de-esser hears it
HEARD_DB = 2.0  # over that: less is not worth a move
TOO_MUCH_DB = 9.5  # over that: as loud as the vowels
DEEPEST_DB = 11  # of the 12 dB that the de-esser goes: there, a lower threshold changes nothing
NOT_ALL_DB = 1.5  # that is left: worth telling
LEAST_TAKEN_DB = 1.0  # worth a de-esser
VOWELS = 90.0  # percentile of what the de-esser hears beside the s: lower than that it dulls
STEPS = 12  # halvings


@dataclass(frozen=True, eq=False)
class Sharpness:
    """The s of a voice, as a de-esser hears it.

    Parameters
    ----------
    freq_hz : float
        The middle of their hiss.
    excess_db : float
        How far they usually lie over what is wanted; below 0.0 where they are soft.
    count : int
        How many there are.
    levels : ndarray of float64, shape (cells,)
        What the de-esser hears at `freq_hz`, linear.
    rate : int
        Cells a second, in Hz.
    spans : tuple of (int, int)
        Cells from and to which each s lasts.
    softer_db : ndarray of float64, shape (13,)
        By how much an s is softer where 0, 1 ... 12 dB are taken from its middle: its edges, which
        the de-esser hears too, lose less.
    """

    freq_hz: float
    excess_db: float
    count: int
    levels: Row
    rate: int
    spans: tuple[tuple[int, int], ...]
    softer_db: Row


def find_sibilance(tracks: Sequence[Track]) -> Generator[float, None, tuple[Fault, ...]]:
    """Find voices whose s stand out.

    Parameters
    ----------
    tracks : sequence of Track
        May be memory-mapped: half a minute of each voice is read.

    Yields
    ------
    float
        Share that is done.

    Returns
    -------
    tuple of Fault
        Of the kind ``"sibilance"``; its value is what is too much, in dB.
    """
    found: list[Fault] = []
    for n, track in enumerate(tracks):
        heard = sharpness(track.audio, track.heard) if _is_voice(track) else None
        if heard is not None and heard.excess_db >= HEARD_DB:
            found.append(_sharp(track, heard))
        yield (n + 1) / len(tracks)
    return tuple(found)


def sharpness(audio: Audio, heard: Heard) -> Sharpness | None:
    """Measure the s of a voice.

    Parameters
    ----------
    audio : Audio
        A voice alone.
    heard : Heard
        What was heard of it.

    Returns
    -------
    Sharpness or None
        None where there are none to speak of, or the rate is too low to hold them.
    """
    if audio.rate < LEAST_RATE_HZ:
        return None
    part = excerpt(audio, _hiss(heard), EXCERPT_SECONDS).audio
    told = result(bursts(part, PLAN))
    loudest = max((one.level_db for one in told.bursts), default=0.0)
    kept = [one for one in told.bursts if one.level_db >= loudest + BESIDE_LOUDEST_DB]
    if len(kept) < LEAST_COUNT or told.voice_share < VOICE:
        return None
    freq_hz = _middle_hz(told.hertz, told.burst_power, part.rate)
    usual_db = float(np.median([one.level_db for one in kept]))
    excess_db = usual_db + _share_db(told.hertz, told.burst_power, freq_hz) - WANTED_DB
    band = _through_ear(part, freq_hz)
    cell = max(1, round(part.rate / CELLS_PER_SECOND))
    levels = PeakHold(part.rate).run(band, 0)[::cell]
    return Sharpness(
        freq_hz,
        excess_db,
        len(kept),
        levels,
        round(part.rate / cell),
        tuple((one.start // cell, -(-one.stop // cell)) for one in kept),
        _softer_db(told.hertz, told.burst_power, freq_hz, part.rate),
    )


def deesser_for(heard: Sharpness) -> tuple[float, float]:
    """Find the threshold of a de-esser that takes what is too much.

    Parameters
    ----------
    heard : Sharpness
        From `sharpness`, at least one s of it above what is wanted.

    Returns
    -------
    threshold_db : float
        In dBFS. Not so low that the vowels would be dulled.
    taken_db : float
        By how much an s is usually softer then, above 0.0; less than is wanted where the de-esser
        goes no deeper.
    """
    beside = np.ones(len(heard.levels), dtype=bool)
    for first, last in heard.spans:
        beside[first:last] = False
    beside &= heard.levels > 0.0
    vowels = float(np.percentile(heard.levels[beside], VOWELS)) if beside.any() else 0.0
    span = PARAMETERS["deess.threshold_db"]
    low, high = max(span.low, decibels(vowels)), span.high
    wanted_db = min(heard.excess_db, float(heard.softer_db[DEEPEST_DB]))
    for _ in range(STEPS if low < high else 0):
        middle = (low + high) / 2.0
        low, high = (middle, high) if _taken_db(heard, middle) > wanted_db else (low, middle)
    threshold_db = round(min(high, span.high), 1)
    return threshold_db, _taken_db(heard, threshold_db)


def _is_voice(track: Track) -> bool:
    return track.sounds and track.role in SUNG


def _hiss(heard: Heard) -> Row:
    """Tell how much each moment hisses: by power, and by how much of it that is."""
    centres = np.array(CENTRES_HZ)
    band = (centres > HISSING_HZ[0]) & (centres <= HISSING_HZ[1])
    powers = heard.moments.powers.astype(np.float64)
    high = powers[:, band].sum(axis=1)
    return np.asarray(high * high / np.maximum(powers.sum(axis=1), 1e-16))


def _middle_hz(hertz: Row, power: Row, rate: int) -> float:
    """Return the middle of a hiss, on a scale of octaves."""
    inside = (hertz >= CENTRE_HZ[0]) & (hertz < min(CENTRE_HZ[1], HIGHEST * rate))
    weights = power[inside] / np.maximum(power[inside].sum(), 1e-30)
    middle = float(np.exp(np.sum(np.log(hertz[inside]) * weights)))
    return round(max(middle, CENTRE_HZ[0]), -1)


def _share_db(hertz: Row, power: Row, freq_hz: float) -> float:
    """Tell how much of a hiss two band passes let through, as they are at any rate, in dB."""
    apart = WIDTH_Q * (np.maximum(hertz, 1.0) / freq_hz - freq_hz / np.maximum(hertz, 1.0))
    heard = power / (1.0 + apart**2) ** 2
    return 10.0 * float(np.log10(heard.sum() / max(float(power.sum()), 1e-30) + 1e-30))


def _through_ear(part: Audio, freq_hz: float) -> Pair:
    """Hear a sound as the de-esser does: through its band pass twice."""
    band = np.ascontiguousarray(front_pair(part.samples))
    for _ in range(2):
        Biquads(band_pass(freq_hz, WIDTH_Q, part.rate)).run(band, 0)
    return band


def _softer_db(hertz: Row, power: Row, freq_hz: float, rate: int) -> Row:
    """Tell by how much a hiss is softer to the ear at each depth of the bell (see `Sharpness`)."""
    b0, b1, b2, a1, a2 = band_pass(freq_hz, WIDTH_Q, rate)[0]
    turn = np.exp(-2j * np.pi * hertz / rate)
    band = (b0 + b1 * turn + b2 * turn**2) / (1.0 + a1 * turn + a2 * turn**2)
    heard = power * np.abs(band) ** 4
    depths = 10.0 ** (-np.arange(int(MOST_DB) + 1) / 20.0) - 1.0
    left = (heard * np.abs(1.0 + depths[:, None] * band) ** 2).sum(axis=1)
    return np.asarray(-10.0 * np.log10(left / np.maximum(heard.sum(), 1e-30) + 1e-30))


def _taken_db(heard: Sharpness, threshold_db: float) -> float:
    """Run the de-esser: by how much an s is usually softer, in dB above 0."""
    wanted = Compressor(threshold_db, RATIO, ATTACK_MS, RELEASE_MS)
    gains = Reduction(wanted, heard.rate, MOST_DB).gains(np.ascontiguousarray(heard.levels))
    taken = []
    for first, last in heard.spans:
        before = np.square(heard.levels[first:last])
        after = before * np.square(gains[first:last])
        taken.append(-10.0 * float(np.log10(after.sum() / max(float(before.sum()), 1e-30) + 1e-30)))
    return float(np.interp(np.median(taken), np.arange(len(heard.softer_db)), heard.softer_db))


def _sharp(track: Track, heard: Sharpness) -> Fault:
    threshold_db, taken_db = deesser_for(heard)
    wrong = heard.excess_db >= TOO_MUCH_DB and track.guess.confidence >= SURE
    over_vowels = heard.excess_db + WANTED_DB
    beside = f"{abs(over_vowels):.0f} dB {'over' if over_vowels > 0.0 else 'under'} its loud vowels"
    why = (
        f"The s of {track.name} lie {beside} around {heard.freq_hz / 1000.0:.1f} kHz,"
        f" {heard.excess_db:.0f} dB more than sits well in a mix ({heard.count} of them measured)."
    )
    if heard.excess_db - taken_db > NOT_ALL_DB:
        why += f" A de-esser takes {taken_db:.0f} dB of that; more would dull the whole voice."
    taking = f"takes about {taken_db:.0f} dB off an s, and nothing off the vowels"
    moves = (
        Move(track.name, "deess.freq_hz", heard.freq_hz, f"the middle of its s; {taking}"),
        Move(track.name, "deess.threshold_db", threshold_db, taking),
    )
    return Fault(
        "sibilance",
        (track.name,),
        severity=min(1.0, (0.4 if wrong else 0.1) + 0.03 * heard.excess_db),
        value=heard.excess_db,
        unit="dB",
        confidence=min(0.95, 0.5 + 0.03 * heard.count + 0.03 * heard.excess_db),
        why=why,
        listen_for="an s that spits or whistles over all else, most of all on small loudspeakers",
        is_taste=not wrong,
        evidence={
            "s over vowels": Reading(over_vowels, "dB"),
            "too much": Reading(heard.excess_db, "dB"),
            "taken": Reading(taken_db, "dB"),
            "around": Reading(heard.freq_hz, "Hz"),
            "measured": Reading(float(heard.count), ""),
        },
        moves=moves if taken_db >= LEAST_TAKEN_DB else (),
    )
