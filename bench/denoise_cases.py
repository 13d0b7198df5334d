"""Takes for the denoise bench, made from seeds, of which everything is known.

`development()` is what to try things on; figures are of `reported()`, which shares no part of a
clip, no part of a noise and no seed with it: try nothing on it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from assistant.material import Audio, Samples
from bench.denoise_material import MADE, RECORDED, STATIONARY, Clip, Half, Kind, clips, noise, sound
from bench.denoise_traps import TRAPS

__all__ = [
    "CLIPPING_DB",
    "KINDS",
    "LEVELS_DB",
    "MOVING",
    "NOISES",
    "STATIONARY",
    "Case",
    "clean",
    "development",
    "reported",
]

KINDS: tuple[Kind, ...] = ("speech", "singing", "instrument", "mix")
MOVING = tuple(name for name in RECORDED if name not in STATIONARY)
NOISES = (*STATIONARY, *MOVING, "hum", "clicks", "clipping")
LEVELS_DB = (0.0, 10.0, 20.0)
CLICKS_DB = 20.0
CLIPPING_DB = 12.0
CLIPPING_SECONDS = 1.5  # ffmpeg adeclip works for minutes on a few seconds of this
PAUSE_SECONDS = 1.5
FADE_SECONDS = 0.01
HIGHEST_PEAK = 0.95

_CLIPPED_ALREADY = ("loop_amen_full",)


@dataclass(frozen=True, eq=False)
class Case:
    """A take and what is known about it.

    Parameters
    ----------
    name : str
        Which clip.
    clean, noisy : Audio
        Of one shape and rate, and the clean part of `noisy` is as loud as `clean`.
    print : Audio or None
        The noise alone, from another part of it than was mixed in; None for clicks and clipping.
    kind : str
        ``speech``, ``singing``, ``instrument`` or ``mix``.
    noise : str
        One of `NOISES`, or ``"none"``.
    level_db : float
        Clean over noise, after the pause; for clipping, how far the peak was over the limit.
    pause_s : float
        For so long, at the start, there is noise alone.
    """

    name: str
    clean: Audio
    noisy: Audio
    print: Audio | None
    kind: Kind
    noise: str
    level_db: float
    pause_s: float = 0.0

    @property
    def first(self) -> int:
        """The frame at which music begins."""
        return round(self.pause_s * self.clean.rate)

    def played(self, samples: Samples) -> Samples:
        """Return what is compared of a sound: that which comes after the pause."""
        return samples[:, self.first :]

    def without_pause(self) -> Case:
        """Return the same take, begun with the music."""
        cut = [Audio(self.played(one.samples), one.rate) for one in (self.clean, self.noisy)]
        return replace(self, clean=cut[0], noisy=cut[1], pause_s=0.0)


def development(
    kinds: Sequence[Kind] = KINDS,
    noises: Sequence[str] = NOISES,
    levels_db: Sequence[float] = LEVELS_DB,
) -> Iterator[Case]:
    """Make the takes to try things on.

    Parameters
    ----------
    kinds, noises : sequence of str
        Of `KINDS` and `NOISES`.
    levels_db : sequence of float
        Clean over noise; clicks and clipping have one level of their own.

    Yields
    ------
    Case
        The same each time.
    """
    return _cases("development", kinds, noises, levels_db)


def reported(
    kinds: Sequence[Kind] = KINDS,
    noises: Sequence[str] = NOISES,
    levels_db: Sequence[float] = LEVELS_DB,
) -> Iterator[Case]:
    """Make the takes whose figures are published; as `development`."""
    return _cases("reported", kinds, noises, levels_db)


def clean(half: Half) -> Iterator[Case]:
    """Make the takes with nothing to remove: the clips, and made sounds that set traps.

    Parameters
    ----------
    half : str
        ``development`` or ``reported``.

    Yields
    ------
    Case
        Its noise is ``"none"``. Clips that were clipped before they were recorded are left out.
    """
    for clip in clips(half):
        if not clip.name.startswith(_CLIPPED_ALREADY):
            audio = sound(clip)
            yield Case(clip.name, audio, audio, None, clip.kind, "none", np.inf)
    for name, make in TRAPS.items():
        audio = make(half)
        yield Case(name, audio, audio, None, "instrument", "none", np.inf)


def _cases(
    half: Half, kinds: Sequence[Kind], noises: Sequence[str], levels_db: Sequence[float]
) -> Iterator[Case]:
    for clip in clips(half):
        if clip.kind not in kinds:
            continue
        for name in noises:
            yield from _spoiled(clip, name, half, levels_db)


def _spoiled(clip: Clip, name: str, half: Half, levels_db: Sequence[float]) -> Iterator[Case]:
    if name == "clipping":
        if not clip.name.startswith(_CLIPPED_ALREADY):
            yield _clipped(clip)
        return
    if name not in MADE and name not in RECORDED:
        raise ValueError(f"no noise is called {name!r}: there are {', '.join(NOISES)}")
    for level_db in (CLICKS_DB,) if name == "clicks" else levels_db:
        yield _mixed(clip, name, half, level_db)


def _clipped(clip: Clip) -> Case:
    """Cut off what is over a limit; the limit is that of the take, not full scale."""
    audio = sound(replace(clip, end_s=min(clip.end_s, clip.start_s + CLIPPING_SECONDS)))
    limit = np.abs(audio.samples).max() * 10.0 ** (-CLIPPING_DB / 20.0)
    cut = np.clip(audio.samples, -limit, limit)
    return Case(clip.name, audio, Audio(cut, audio.rate), None, clip.kind, "clipping", CLIPPING_DB)


def _mixed(clip: Clip, name: str, half: Half, level_db: float) -> Case:
    audio = sound(clip)
    pause_s = 0.0 if name == "clicks" else PAUSE_SECONDS
    wanted = _paused(audio, pause_s)
    shape = (wanted.channels, wanted.frames)
    added, alone = noise(name, half, shape, audio.rate)
    first = round(pause_s * audio.rate)
    gain = np.std(audio.samples) / np.std(added[:, first:]) * 10.0 ** (-level_db / 20.0)
    noisy = wanted.samples + gain * added
    scale = min(1.0, HIGHEST_PEAK / float(np.abs(noisy).max()))

    def scaled(samples: np.ndarray) -> Audio:
        return Audio(np.ascontiguousarray(scale * samples, dtype=np.float32), audio.rate)

    alike = None if name == "clicks" else scaled(gain * alone)
    return Case(
        clip.name, scaled(wanted.samples), scaled(noisy), alike, clip.kind, name, level_db, pause_s
    )


def _paused(audio: Audio, seconds: float) -> Audio:
    """Put a pause in front; the music is faded in, so that the cut of the clip is no click."""
    fade = round(FADE_SECONDS * audio.rate)
    samples = np.array(audio.samples)
    if seconds:
        samples[:, :fade] *= np.linspace(0.0, 1.0, fade, dtype=np.float32)
    return Audio(np.pad(samples, ((0, 0), (round(seconds * audio.rate), 0))), audio.rate)
