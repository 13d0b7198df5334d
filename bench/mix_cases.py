"""Cases for the mix bench: songs, and songs with one fault in one stem, made from seeds.

`development()` is what to try things on; figures are of `reported()`: other tunes, drummers and
phrases of a singer, and other seeds. The song of the data folder is in both, with other faults.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from assistant.material import Audio, Session, Stem
from bench.mix_faults import BOXY_HZ, FAULTS, HARSH_HZ, Truth
from bench.mix_material import POTASSIUM, Half, Song, names, song
from bench.mix_spoiling import CENTRES_HZ, Signal, active_seconds, band_levels_db, bell

__all__ = ["KINDS", "Case", "cases", "development", "dry", "reported", "songs", "suitable"]

KINDS = tuple(FAULTS)
TRACKS = 3
SHORTEST_SECONDS = 1.2  # that a stem must sound to be judged by its sound
HEARD_DB = -18.0  # of a band that a broad fault is in, against the strongest
ALIKE = 0.7  # correlation of left and right
CENTRED_DB = 1.0
ONE_SIDED_DB = 6.0
CLEAR_HZ, CLEAR_OCTAVES = 1_250.0, 5.0 / 3.0
SEEDS = {"development": 1, "reported": 1_001}

_LOW = {"kick", "bass", "toms", "drums", "fx"}
_NOT_IN = {
    "rumble": _LOW,
    "hum": {"kick", "bass"},
    "under_compression": {"kick", "snare", "hats", "toms"},
}
_MASKERS = ("guitar", "keys", "pad", "fx", "drums")
_MASKED = ("lead_vocal", "other", "snare")


@dataclass(frozen=True, eq=False)
class Case:
    """A song with one fault.

    Parameters
    ----------
    song : Song
        As it was: what a tool says of it is what it says of a good mix.
    session : Session
        With the fault; all other stems are those of the song, the same objects.
    truth : Truth
        What was done.
    """

    song: Song
    session: Session
    truth: Truth


def songs(half: Half) -> Iterator[Song]:
    """Make the songs of a half, with no fault in them."""
    return map(song, names(half))


def development(
    kinds: Sequence[str] = KINDS, tracks: int = TRACKS, only: Sequence[str] = ()
) -> Iterator[Case]:
    """Make the cases to try things on.

    Parameters
    ----------
    kinds : sequence of str
        Of `KINDS`.
    tracks : int
        Cases of each kind in each song; fewer where no other stem is fit for it.
    only : sequence of str
        Names of songs; all of them where it is empty.

    Yields
    ------
    Case
        Song by song, the same each time.
    """
    return cases("development", kinds, tracks, only)


def reported(
    kinds: Sequence[str] = KINDS, tracks: int = TRACKS, only: Sequence[str] = ()
) -> Iterator[Case]:
    """Make the cases whose figures are published; as `development`."""
    return cases("reported", kinds, tracks, only)


def cases(
    half: Half, kinds: Sequence[str] = KINDS, tracks: int = TRACKS, only: Sequence[str] = ()
) -> Iterator[Case]:
    """Make the cases of a half; as `development`."""
    for name in names(half):
        if not only or name in only:
            for kind in kinds:
                yield from _cases(song(name), kind, SEEDS[half], tracks)


def dry(half: Half, kinds: Sequence[str], tracks: int, only: Sequence[str]) -> Iterator[Case]:
    """Make the cases of rendered songs once more, with no hiss in their stems."""
    for name in names(half):
        if name != POTASSIUM and (not only or name in only):
            for kind in kinds:
                yield from _cases(song(name, -math.inf), kind, SEEDS[half], tracks)


def suitable(mix: Song, kind: str) -> list[str]:
    """List the stems of a song that a fault of some kind can be put into and heard in."""
    long = [name for name in mix.of() if _Traits.of(mix, name).seconds >= SHORTEST_SECONDS]
    paired = [name for pair in mix.pairs for name in pair]
    if kind == "delay":
        return paired
    if kind == "imbalance":
        return [name for name in long if _Traits.of(mix, name).centred]
    if kind in {"polarity", "mono_loss"}:
        alike = [name for name in long if _Traits.of(mix, name).alike]
        return alike + paired[:1] if kind == "polarity" else alike
    return [name for name in long if _fit(mix, name, kind)]


def _fit(mix: Song, name: str, kind: str) -> bool:
    role, traits = mix.roles[name], _Traits.of(mix, name)
    if kind == "sibilance":
        return role == "lead_vocal"
    if kind == "masking":
        return role in _MASKERS and _masked(mix, name) != ""
    if kind in _NOT_IN:
        return role not in _NOT_IN[kind]
    if kind == "harshness":
        return role not in _LOW and traits.level_db(HARSH_HZ) > HEARD_DB
    if kind == "boxiness":
        return traits.level_db(BOXY_HZ) > HEARD_DB
    return True


def _cases(mix: Song, kind: str, seed: int, tracks: int) -> Iterator[Case]:
    dice = np.random.default_rng([8, seed, *kind.encode(), *mix.name.encode()])
    fit = list(dice.permutation(suitable(mix, kind)))
    strengths = np.roll(FAULTS[kind].strengths, -int(dice.integers(len(FAULTS[kind].strengths))))
    done = set()
    for place in range(tracks if fit else 0):
        chosen = str(fit[place % len(fit)]), float(strengths[place % len(strengths)])
        if chosen not in done:
            done.add(chosen)
            yield _spoiled(mix, kind, *chosen, dice)


def _spoiled(mix: Song, kind: str, name: str, strength: float, dice: np.random.Generator) -> Case:
    stem = mix.stem(name)
    samples = np.array(stem.audio.samples, dtype=np.float64)
    made = FAULTS[kind].spoil(samples, mix.rate, strength, dice)
    truth = Truth(kind, name, strength, FAULTS[kind].unit, made.freq_hz, made.gain_db)
    if kind == "masking":
        return _masking(mix, truth)
    stems = [_with(one, made.samples) if one is stem else one for one in mix.session.stems]
    if kind == "duplicate":
        truth = replace(truth, other=f"{name} copy")
        stems.append(replace(stem, name=truth.other))
    if kind in {"delay", "polarity"}:
        truth = replace(truth, other=_partner(mix, name))
    return Case(mix, Session(tuple(stems)), truth)


def _masking(mix: Song, truth: Truth) -> Case:
    """Raise a stem where another has most of what makes it clear."""
    other = _masked(mix, truth.stem)
    clear = np.abs(np.log2(CENTRES_HZ / CLEAR_HZ)) <= CLEAR_OCTAVES
    levels_db = np.where(clear, _Traits.of(mix, other).levels_db, -np.inf)
    hertz = float(CENTRES_HZ[int(np.argmax(levels_db))])
    stem = mix.stem(truth.stem)
    samples = np.array(stem.audio.samples, dtype=np.float64)
    raised = _with(stem, bell(samples, mix.rate, hertz, truth.value, 1.0))
    stems = tuple(raised if one is stem else one for one in mix.session.stems)
    known = replace(truth, freq_hz=hertz, gain_db=truth.value, other=other)
    return Case(mix, Session(stems), known)


def _masked(mix: Song, masker: str) -> str:
    """Find what a stem could mask: the first of those that matter and sound where it does."""
    for role in _MASKED:
        for name in mix.of(role):
            if name != masker and _shared_seconds(mix, name, masker) >= SHORTEST_SECONDS:
                return name
    return ""


def _shared_seconds(mix: Song, one: str, other: str) -> float:
    both = [mix.stem(name).audio.samples.mean(axis=0, dtype=np.float64) for name in (one, other)]
    product = np.sqrt(np.abs(both[0] * both[1]))[None]
    return active_seconds(product, mix.rate) if product.max() > 1e-3 else 0.0


def _partner(mix: Song, name: str) -> str:
    others = [b if name == a else a for a, b in mix.pairs if name in {a, b}]
    return others[0] if others else ""


def _with(stem: Stem, samples: Signal) -> Stem:
    made = Audio(np.ascontiguousarray(samples, dtype=np.float32), stem.audio.rate)
    return replace(stem, audio=made)


@dataclass(frozen=True, eq=False)
class _Traits:
    """What decides which faults can be put into a stem."""

    seconds: float
    levels_db: Signal
    balance_db: float
    correlation: float

    @staticmethod
    @lru_cache(maxsize=128)
    def of(mix: Song, name: str) -> _Traits:
        audio = mix.stem(name).audio
        samples = np.array(audio.samples, dtype=np.float64)
        stereo = audio.channels > 1
        return _Traits(
            active_seconds(samples, mix.rate),
            band_levels_db(samples, mix.rate),
            10.0 * float(np.log10(np.divide(*(samples**2).mean(axis=1)))) if stereo else np.inf,
            float(np.asarray(np.corrcoef(samples))[0, 1]) if stereo else 0.0,
        )

    @property
    def alike(self) -> bool:
        """Whether two channels hold much the same."""
        return self.correlation > ALIKE and abs(self.balance_db) < ONE_SIDED_DB

    @property
    def centred(self) -> bool:
        """Whether both of two channels are as strong."""
        return abs(self.balance_db) < CENTRED_DB

    def level_db(self, hertz: float) -> float:
        """Level around a frequency, against the strongest third octave."""
        return float(self.levels_db[int(np.argmin(np.abs(np.log2(CENTRES_HZ / hertz))))])
