"""What a take is: one voice, several, speech, drums or noise; and why, in numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from assistant.dsp.echoes import Echo
from assistant.dsp.f0 import F0Track
from assistant.dsp.other_voices import ALONE, Others

__all__ = ["Kind", "TakeNumbers", "Verdict", "judge_take", "numbers_of", "plain_noise", "silent",
           "too_short"]  # fmt: skip

Array = NDArray[np.float64]
Kind = Literal["one voice", "several voices", "speech", "drums or noise", "silent", "too short"]

_CERTAIN, _VOICED = 0.9, 0.5  # confidence of a frame
_SOUNDING_DB = 35.0  # under the loud frames
_LOUD_SHARE, _LOUD_SECONDS = 0.01, 0.5  # frames that are louder than the loud one, at least
_SMOOTH_SECONDS = 0.14  # longer than the half of a vibrato
_RESTS, _RESTS_LONG = 4.0, 3.0  # semitones a second
_LONG_SECONDS = 0.25
_VERY_LOUD_DB = 15.0  # under the loud frames
_STRETCH_SECONDS = 0.25  # longer than a consonant
# Logistic in the shares of sound on overtones and of certain pitch; less that of a pitch that is
# heard where nothing repeats, and of loud stretches without a pitch, as far as voices have them not
_ALONE, _ALONE_SLOPE = 0.85, 6.0
_HARDLY, _SOME = 0.03, 0.08
_AGAINST = 2.0
_OTHER = 0.25  # from here on that is the reason to tell
# Logistic in the share of places where another pitch sounds, more of it where that is louder than
# usual; and in how far overtones stray, Hz: reverberation reaches 2, two that sing the same 3
_SECOND, _SECOND_SLOPE = 0.23, 40.0
_USUAL_DB, _A_DB = -10.0, 0.01
_WAVERS_HZ, _WAVERS_SLOPE = 2.45, 4.0
_EACH = "; give each voice by itself"
# A delay is known from this gain on. With it a voice is alone with so much less evidence, and what
# seems another voice is its echo, unless it sounds as often as where a loop repeats chords
_ECHOED, _LESS, _ECHOES = 0.18, 0.07, 0.4
# What keeps less to a scale, and has less of a pitch, is drums or noise
_TONAL, _PITCHED = 0.08, 0.6
# Logistic in the share of time in which pitch rests, and in that of long rests
_GLIDES, _GLIDES_SLOPE, _LONG_WEIGHT = 0.29, 40.0, 5.0
_ENOUGH_SECONDS = 1.5  # of voiced sound, to tell speech from singing
_SURE = 0.6  # that it is speech: else it passes for singing


@dataclass(frozen=True, slots=True)
class TakeNumbers:
    """What a take was judged by, shares 0.0 to 1.0 of what sounds, the loud counting more.

    Parameters
    ----------
    pitched : float
        Share with a pitch.
    certain : float
        Share with a pitch that is certain.
    harmonic : float
        Share on the overtones of that pitch.
    repeating : float
        Share that repeats as that pitch says.
    other : float
        Share of the time in which it is loud, that has no pitch for longer than a consonant.
    voiced_seconds : float
        How long that is.
    resting : float
        Share of the voiced time in which the pitch rests (vibrato aside).
    held : float
        Share of the voiced time in which it rests for a quarter of a second or more.
    others : Others
        What sounds beside the voice.
    """

    pitched: float
    certain: float
    harmonic: float
    repeating: float
    other: float
    voiced_seconds: float
    resting: float
    held: float
    others: Others = ALONE


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a take is.

    Parameters
    ----------
    kind : str
        ``"one voice"``, ``"several voices"``, ``"speech"``, ``"drums or noise"``, ``"silent"`` or
        ``"too short"``.
    words : str
        Why, with the numbers: a sentence without its full stop.
    confidence : float
        That it is so, 0.0 to 1.0.
    numbers : TakeNumbers, optional
        What it was judged by.
    """

    kind: Kind
    words: str
    confidence: float
    numbers: TakeNumbers | None = None

    @property
    def one_voice(self) -> bool:
        """Whether it is one voice that sings or plays."""
        return self.kind == "one voice"


def silent(peak: float) -> Verdict:
    """Say that a take is silent, with its peak (linear)."""
    level = f"its peak is {20.0 * np.log10(peak):.0f} dBFS" if peak > 0.0 else "every sample is 0"
    return Verdict("silent", f"nothing sounds: {level}", 1.0)


def too_short(seconds: float, shortest_seconds: float) -> Verdict:
    """Say that a take is too short."""
    words = f"it lasts {seconds:.2f} s; a voice is heard from {shortest_seconds:.2f} s on"
    return Verdict("too short", words, 1.0)


def plain_noise() -> Verdict:
    """Say that a take is noise."""
    return Verdict("drums or noise", "its spectrum is as flat as that of noise throughout", 0.95)


def judge_take(
    found: TakeNumbers, tonal: Callable[[], float], echo: Callable[[], Echo] = Echo
) -> Verdict:
    """Tell what a take is.

    Parameters
    ----------
    found : TakeNumbers
        From `numbers_of`.
    tonal : callable
        How much keeps to a scale of semitones (see `assistant.dsp.chroma.tuning_of`); asked only
        where it is not one voice.
    echo : callable, optional
        What repeats it as a delay does (see `assistant.dsp.echoes.strongest_echo`); asked only
        where it seems not to be one voice.

    Returns
    -------
    Verdict
        In doubt one voice, with a low confidence.
    """
    against = max(0.0, found.pitched - found.repeating - _HARDLY) + max(0.0, found.other - _SOME)
    evidence = found.harmonic + found.certain - _AGAINST * against
    alone = _logistic(evidence, _ALONE, _ALONE_SLOPE)
    company = _company(found.others)
    later = ""
    if alone < 0.5 or company.confidence > 0.5:
        heard = echo()
        enough = evidence > _ALONE - _LESS and found.others.second < _ECHOES
        if heard.gain < _ECHOED or not enough:
            several = replace(company, numbers=found)
            return _not_one(found, 1.0 - alone, tonal()) if alone < 0.5 else several
        alone = 0.5
        later = f"; what sounds beside it is its echo after {1000.0 * heard.seconds:.0f} ms"
    sung = found.resting + _LONG_WEIGHT * found.held
    spoken = 1.0 - _logistic(sung, _GLIDES, _GLIDES_SLOPE)
    if spoken > _SURE and found.voiced_seconds >= _ENOUGH_SECONDS:
        words = (
            f"the pitch glides as in speech: it rests for {_percent(found.resting)} of the time"
            f" and is held for {_percent(found.held)}"
        )
        return Verdict("speech", words, alone * spoken, found)
    words = (
        f"{_percent(found.repeating)} of what sounds has one pitch, and"
        f" {_percent(found.harmonic)} lies on its overtones{later}"
    )
    return Verdict("one voice", words, alone * (1.0 - 0.5 * spoken), found)


def _company(others: Others) -> Verdict:
    """Tell how sure it is that other voices sound with the one that is followed, and why."""
    heard = others.second + _A_DB * (others.second_db - _USUAL_DB)
    second = _logistic(heard, _SECOND, _SECOND_SLOPE) if others.second > 0.0 else 0.0
    unison = _logistic(others.wavering_hz, _WAVERS_HZ, _WAVERS_SLOPE)
    if second >= unison:
        words = (
            f"another pitch sounds with it for {_percent(others.second)} of the time,"
            f" {-others.second_db:.0f} dB under the whole{_EACH}"
        )
    else:
        words = (
            f"its overtones stray from each other by {others.wavering_hz:.1f} Hz, as where several"
            f" sing the same{_EACH}"
        )
    return Verdict("several voices", words, max(second, unison))


def _not_one(found: TakeNumbers, sure: float, tonal: float) -> Verdict:
    if tonal < _TONAL and found.pitched < _PITCHED:
        words = f"only {_percent(found.repeating)} of what sounds has a pitch"
        return Verdict("drums or noise", words, sure, found)
    if found.other > _OTHER:
        words = f"{_percent(found.other)} of the loud time has no single pitch"
        return Verdict("several voices", words, sure, found)
    words = (
        f"only {_percent(found.harmonic)} of what sounds lies on the overtones of one pitch, and"
        f" that pitch is certain for {_percent(found.certain)}"
    )
    return Verdict("several voices", words, sure, found)


def numbers_of(
    coarse: F0Track, harmonic: Array, fine: F0Track, others: Others = ALONE
) -> TakeNumbers:
    """Measure what a take is judged by.

    Parameters
    ----------
    coarse : F0Track
        Its pitch as a tracker hears it, at least one frame.
    harmonic : ndarray of float, shape (coarse frames,)
        How much of the energy lies on overtones of that pitch.
    fine : F0Track
        The pitch where the sound repeats as it should.
    others : Others
        What sounds beside the voice: see `assistant.dsp.other_voices`.

    Returns
    -------
    TakeNumbers
        Shares.
    """
    more = max(round(_LOUD_SHARE * coarse.times.size), round(_LOUD_SECONDS / coarse.hop_seconds))
    loud_db = float(np.sort(coarse.level_db)[::-1][min(more, coarse.times.size - 1)])
    weights = _loudness(coarse.level_db, loud_db)
    total = max(float(weights.sum()), 1e-12)
    voiced = coarse.confidence >= _VOICED
    shares = [
        float((weights * each).sum()) / total
        for each in (voiced, coarse.confidence > _CERTAIN, voiced * harmonic)
    ]
    fine_weights = _loudness(fine.level_db, loud_db) * fine.voiced
    repeating = float(fine_weights.sum()) * fine.hop_seconds / (total * coarse.hop_seconds)
    other = _other(fine, loud_db - _VERY_LOUD_DB)
    seconds = float(fine.voiced.sum()) * fine.hop_seconds
    return TakeNumbers(
        shares[0], shares[1], shares[2], min(1.0, repeating), other, seconds, *_rests(fine), others,
    )  # fmt: skip


def _loudness(level_db: Array, loud_db: float) -> Array:
    """Weigh frames by their amplitude, none more than the loud; 0.0 where nothing sounds."""
    heard = np.minimum(level_db, loud_db) - loud_db
    return np.where(heard > -_SOUNDING_DB, 10.0 ** (heard / 20.0), 0.0)


def _other(fine: F0Track, loud_db: float) -> float:
    """Tell in how much of the loud time there is long no pitch."""
    loud = fine.level_db > loud_db
    lengths = _lengths(loud & ~fine.voiced) * fine.hop_seconds
    long = float(lengths[lengths >= _STRETCH_SECONDS].sum())
    return long / max(float(loud.sum()) * fine.hop_seconds, 1e-9)


def _lengths(flags: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Measure the stretches that are true, in frames."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], flags, [False])).astype(np.int8)))
    return np.asarray(np.diff(edges)[::2], dtype=np.int64)


def _rests(fine: F0Track) -> tuple[float, float]:
    """Tell in how much of the voiced time pitch rests, and in how much it rests for long."""
    width = max(1, round(_SMOOTH_SECONDS / fine.hop_seconds)) | 1
    if fine.times.size <= width or not fine.voiced.any():
        return 0.0, 0.0
    even = np.ones(width) / width
    speed = np.abs(np.gradient(np.convolve(fine.pitch, even, "same"))) / fine.hop_seconds
    within = np.convolve(fine.voiced, even, "same") > 1.0 - 1e-6
    if not within.any():
        return 0.0, 0.0
    lengths = _lengths(within & (speed < _RESTS_LONG)) * fine.hop_seconds + _SMOOTH_SECONDS
    held = float(lengths[lengths > _LONG_SECONDS].sum())
    seconds = float(fine.voiced.sum()) * fine.hop_seconds
    return float((speed[within] < _RESTS).mean()), min(1.0, held / seconds)


def _percent(share: float) -> str:
    return f"{100.0 * share:.0f} %"


def _logistic(value: float, middle: float, slope: float) -> float:
    return float(1.0 / (1.0 + np.exp(-slope * (value - middle))))
