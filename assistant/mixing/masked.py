"""What the tracks of a mix take from each other, in chosen moments of the song.

The model of the ear is dear, so it listens to a few hundred windows: the more tracks sound at once,
the closer they lie, for there tracks get into each other's way. They do not fall into step with a
beat. Where one track sounds alone, nothing can be lost, and nothing is counted: so every share is
one of the loudness that a track has where others play.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from assistant.dsp.ear import BAND_HZ, COMPONENT_HZ, COMPONENTS, Curve
from assistant.dsp.excitation import EARS, Powers, powers_at_ears, window_frames_of
from assistant.dsp.gating import gated_loudness
from assistant.dsp.masking import Masking, masking
from assistant.dsp.moments import MOMENTS_PER_SECOND
from assistant.dsp.panning import pan_gains
from assistant.mixing.console import StripSettings
from assistant.mixing.heard import SILENT_LUFS
from assistant.mixing.strip_response import strip_gain_db
from assistant.mixing.track import Track
from assistant.steps import part, result

__all__ = ["MixMasking", "clarity", "measure_masking", "strip_powers"]

Indices: TypeAlias = NDArray[np.int64]

HEARINGS = 4800  # windows times tracks, however many tracks there are
MOST_WINDOWS, LEAST_WINDOWS = 480, 96
CLARITY_WINDOWS = 96
_GOLDEN = (5.0**0.5 - 1.0) / 2.0
_READING = 0.75  # of the work; the rest is the model


@dataclass(frozen=True, eq=False)
class MixMasking:
    """Who takes what from whom, over the song.

    Parameters
    ----------
    names : tuple of str
        Of the tracks that sound, in the order of the session; sums of others are left out.
    rate : int
        In Hz.
    starts : ndarray of int, shape (windows,)
        At which frames of the song the windows begin, ascending. None where no two tracks ever
        sound together.
    powers : ndarray of float32, shape (tracks, 2, windows, components)
        What was listened to, from `assistant.dsp.excitation.powers_at_ears`.
    mix_lufs : float
        Loudness of the sum, told from that of its tracks.
    found : Masking
        Loudness in sone per Cam of each track, window by window and band by band, alone and in
        the mix, and what each other track takes of it.
    """

    names: tuple[str, ...]
    rate: int
    starts: Indices
    powers: Powers
    mix_lufs: float
    found: Masking

    @property
    def seconds(self) -> Curve:
        """The middles of the windows in seconds of the song, shape (windows,)."""
        return np.asarray((self.starts + window_frames_of(self.rate) / 2.0) / self.rate)

    @property
    def bands_hz(self) -> Curve:
        """Centres of the bands in Hz, shape (bands,)."""
        return BAND_HZ

    @property
    def lost_share(self) -> Mapping[str, float]:
        """Which part of its loudness each track loses in the mix, 0.0 to 1.0."""
        shares: list[float] = self.found.lost_share.tolist()
        return dict(zip(self.names, shares, strict=True))

    @property
    def alone_bands(self) -> Curve:
        """Loudness of each track by itself, sone per Cam, mean of all windows (tracks, bands)."""
        if not len(self.starts):
            return np.zeros(self.found.taken_bands.shape[1:])
        mean: Curve = self.found.alone.mean(axis=1, dtype=np.float64)
        return mean

    @property
    def taken_shares(self) -> Curve:
        """Which part of its loudness each track loses to which, shape (tracks, tracks).

        The first loses, the second takes; rows sum to `lost_share`.
        """
        taken = self.found.taken_bands.sum(axis=2)
        alone = self.alone_bands.sum(axis=1)[:, None]
        shares: Curve = np.divide(taken, alone, out=np.zeros_like(taken), where=alone > 0.0)
        return shares

    @property
    def taken_band_shares(self) -> Curve:
        """The same band by band, of the loudness in the band; (tracks, tracks, bands)."""
        alone = np.broadcast_to(self.alone_bands[:, None, :], self.found.taken_bands.shape)
        taken = self.found.taken_bands
        return np.divide(taken, alone, out=np.zeros_like(taken), where=alone > 0.0)


def measure_masking(tracks: Sequence[Track]) -> Generator[float, None, MixMasking]:
    """Find out what the tracks of a mix take from each other.

    Parameters
    ----------
    tracks : sequence of Track
        At one rate. Their levels in the mix are those that they have. May be memory-mapped: only
        the windows are read, 480 for up to ten tracks, and fewer for more, 96 at least.

    Yields
    ------
    float
        Share that is done.

    Returns
    -------
    MixMasking
        The same for the same tracks. Silent tracks and sums of others are no part of it.
    """
    used = [one for one in tracks if one.sounds]
    rate = used[0].audio.rate if used else 0
    crowd = _crowd(used)
    starts = _starts(_chosen(crowd, _window_count(len(used))), rate)
    powers = np.zeros((len(used), EARS, len(starts), COMPONENTS), np.float32)
    for n, one in enumerate(used):
        here = _sounding_at(one, starts)
        powers[n][:, here] = powers_at_ears(one.audio.samples, rate, starts[here] - one.stem.start)
        yield _READING * (n + 1) / len(used)
    mix_lufs = _mix_lufs(used)
    found = yield from part(masking(powers, mix_lufs), _READING, 1.0 - _READING)
    yield 1.0
    return MixMasking(tuple(one.name for one in used), rate, starts, powers, mix_lufs, found)


def clarity(
    measured: MixMasking, strips: Mapping[str, StripSettings] | None = None
) -> Mapping[str, float]:
    """Tell how much of its loudness is heard of each track in the mix.

    Parameters
    ----------
    measured : MixMasking
        The mix as it came.
    strips : mapping of str to StripSettings, optional
        What channel strips are set to, from `assistant.mixing.console.strip_settings`. What they
        do all the time counts: faders, filters, EQ, pan and mute. What dynamics do does not.

    Returns
    -------
    mapping of str to float
        0.0 to 1.0 by name; 1.0 where nothing is lost, and in silence. Some of the windows are
        enough for it, the same with and without strips, so that two answers can be compared.
    """
    step = max(1, len(measured.starts) // CLARITY_WINDOWS)
    powers = measured.powers[:, :, ::step]
    if strips:
        powers = np.array(powers)
        for n, name in enumerate(measured.names):
            if name in strips:
                powers[n] *= strip_powers(strips[name], measured.rate)[:, None]
    found = result(masking(powers, measured.mix_lufs))
    return dict(zip(measured.names, (1.0 - found.lost_share).tolist(), strict=True))


def strip_powers(wanted: StripSettings, rate: int) -> Powers:
    """Tell what a channel strip does to the power of a track, at each ear.

    Parameters
    ----------
    wanted : StripSettings
        What it is set to.
    rate : int
        In Hz.

    Returns
    -------
    ndarray of float32, shape (2, components)
        Factors; width and what goes by the level are left out.
    """
    gain_db = strip_gain_db(wanted, COMPONENT_HZ, rate)
    placed = 0.0 if wanted.mute else np.square(pan_gains(wanted.pan))
    return np.asarray(
        np.multiply.outer(placed * np.ones(EARS), 10.0 ** (gain_db / 10.0)), np.float32
    )


def _window_count(tracks: int) -> int:
    return min(max(HEARINGS // max(tracks, 1), LEAST_WINDOWS), MOST_WINDOWS)


def _sounding(track: Track) -> NDArray[np.bool_]:
    return np.asarray(track.heard.momentary > SILENT_LUFS)


def _first_moment(track: Track) -> int:
    return round(track.stem.start * MOMENTS_PER_SECOND / track.audio.rate)


def _laid(tracks: Sequence[Track], rows: Sequence[Curve]) -> Curve:
    """Sum rows of moments at their places in the song; what comes before it is not heard."""
    firsts = [_first_moment(one) for one in tracks]
    ends = [first + len(row) for first, row in zip(firsts, rows, strict=True)]
    total = np.zeros(max([0, *ends]))
    for first, row in zip(firsts, rows, strict=True):
        kept = row[max(0, -first) :]
        total[max(0, first) : max(0, first) + len(kept)] += kept
    return total


def _crowd(tracks: Sequence[Track]) -> Curve:
    """Count how many tracks sound in each moment where more than one does."""
    count = _laid(tracks, [np.asarray(_sounding(one), np.float64) for one in tracks])
    return np.where(count > 1.0, count, 0.0)


def _chosen(crowd: Curve, count: int) -> Indices:
    """Choose moments, the closer the more sounds in them, at uneven steps.

    Each lies anywhere in its own part of the crowd, by the golden ratio: steps that are even would
    hear every stroke of a steady beat, or none.
    """
    crowded = int(np.count_nonzero(crowd))
    if crowded <= count:
        return np.flatnonzero(crowd)
    places = (np.arange(count) + np.arange(1, count + 1) * _GOLDEN % 1.0) / count
    total = np.cumsum(crowd)
    return np.unique(np.searchsorted(total, places * total[-1], "right"))


def _starts(moments: Indices, rate: int) -> Indices:
    if not len(moments):
        return np.zeros(0, np.int64)
    middles = (moments + 0.5) * (rate / MOMENTS_PER_SECOND)
    return np.maximum(0, middles.astype(np.int64) - window_frames_of(rate) // 2)


def _sounding_at(track: Track, starts: Indices) -> Indices:
    """Tell in which windows there is something to hear of a track."""
    inside = starts - track.stem.start
    middles = inside + window_frames_of(track.audio.rate) // 2
    moments = middles * MOMENTS_PER_SECOND // track.audio.rate
    sounding = _sounding(track)
    there = (inside >= 0) & (moments < len(sounding))
    there[there] = sounding[moments[there]]
    return np.flatnonzero(there)


def _mix_lufs(tracks: Sequence[Track]) -> float:
    """Tell the loudness of the sum: tracks count as independent, mono ones come from both sides."""
    energies = [
        10.0 ** (one.heard.momentary / 10.0) * (2.0 if one.audio.channels == 1 else 1.0)
        for one in tracks
    ]
    return gated_loudness(10.0**0.0691 * _laid(tracks, energies))
