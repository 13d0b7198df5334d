"""What a starting mix is worth: songs whose faders were moved at random, mixed anew in each style.

How loud a mix is plays no part: the ear is given every mix at one loudness, and of faders only how
they stand to each other is counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from statistics import median

import numpy as np

from assistant.material import Audio, Samples, Session, Stem
from assistant.mixing.automix import automix
from assistant.mixing.heard import hear
from assistant.mixing.listening import recognised
from assistant.mixing.masked import measure_masking
from assistant.mixing.rendering import Rendering, render
from assistant.mixing.styles import STYLES, load_style
from assistant.mixing.track import Track
from assistant.steps import result
from bench.mix_material import Song
from bench.mix_own import role_names
from bench.report import table
from bridge import presets

__all__ = ["Mixed", "automix_table", "mixes", "scattered"]

SCATTERED_DB = 9.0  # either way
LEADS = ("lead_vocal", "other")


@dataclass(frozen=True)
class Mixed:
    """A song in one style, before and after.

    Parameters
    ----------
    song, style : str
        Names.
    lead : str
        Name of the stem that leads.
    lost_good, lost_before, lost_after : float
        Which part of its loudness the lead loses to the others, 0.0 to 1.0; in the good mix, with
        faders moved, and mixed anew.
    strayed_before, strayed_after : float
        How far faders stand from the good mix, against each other, in dB: root of the mean square.
    sides_before, sides_after : float
        Right against left, in dB.
    true_peak : float
        Of what was made, in dBTP.
    """

    song: str
    style: str
    lead: str
    lost_good: float
    lost_before: float
    lost_after: float
    strayed_before: float
    strayed_after: float
    sides_before: float
    sides_after: float
    true_peak: float


def mixes(songs: Iterable[Song]) -> Iterator[Mixed]:
    """Mix songs anew whose faders were moved, in each style.

    Parameters
    ----------
    songs : iterable of Song
        Good mixes.

    Yields
    ------
    Mixed
        Song by song, style by style.
    """
    for song in songs:
        session = scattered(song)
        tracks = result(recognised(session, role_names(), {}))
        good = result(recognised(song.session, role_names(), {}))
        for style in STYLES:
            moves = result(automix(tracks, load_style(presets.data, style))).moves
            made = result(render(session, moves, _zeros, tracks=True))
            yield _mixed(song, style, (good, tracks), made)


def scattered(song: Song) -> Session:
    """Move the faders of a song by -9 to 9 dB in even steps, dealt out at random, always alike."""
    stems = song.session.stems
    dice = np.random.default_rng([9, *song.name.encode()])
    dealt = dice.permutation(np.linspace(-SCATTERED_DB, SCATTERED_DB, len(stems)))
    return Session(tuple(_turned(stem, db) for stem, db in zip(stems, dealt, strict=True)))


def automix_table(made: Iterable[Mixed]) -> str:
    """Draw a row for each song and style.

    Parameters
    ----------
    made : iterable of Mixed
        From `mixes`.

    Returns
    -------
    str
        Markdown, before -> after.
    """
    rows = [
        [
            one.song,
            one.style,
            one.lead,
            f"{100.0 * one.lost_good:.0f}",
            f"{100.0 * one.lost_before:.0f} -> {100.0 * one.lost_after:.0f}",
            f"{one.strayed_before:.1f} -> {one.strayed_after:.1f}",
            f"{one.sides_before:+.1f} -> {one.sides_after:+.1f}",
            f"{one.true_peak:.1f}",
        ]
        for one in made
    ]
    head = ["song", "style", "lead", "the good mix's lead loses, %", "the lead loses, %"]
    return table([*head, "faders stray, dB", "right against left, dB", "true peak, dBTP"], rows)


def _mixed(
    song: Song, style: str, heard: tuple[tuple[Track, ...], tuple[Track, ...]], made: Rendering
) -> Mixed:
    good, tracks = heard
    stems = made.tracks[: len(tracks)]  # what comes back from sends masks as well, but is nobody
    after = result(recognised(Session(stems), role_names(), {}))
    lead = next(name for role in LEADS for name in song.of(role))
    return Mixed(
        song.name,
        style,
        lead,
        lost_good=_lost(good, lead),
        lost_before=_lost(tracks, lead),
        lost_after=_lost(after, lead),
        strayed_before=_stray(_loudnesses(tracks), _loudnesses(good)),
        strayed_after=_stray(_loudnesses(after), _loudnesses(good)),
        sides_before=_balance_db(made.plain.audio),
        sides_after=_balance_db(made.mix.audio),
        true_peak=made.mix.true_peak,
    )


def _lost(tracks: Iterable[Track], lead: str) -> float:
    return result(measure_masking(list(tracks))).lost_share[lead]


def _loudnesses(tracks: Iterable[Track]) -> Mapping[str, float]:
    """Return the loudness of each track that sounds in LUFS, a mono one from both sides."""
    both = 10.0 * np.log10(2.0)
    return {
        one.name: one.heard.loudness + (both if one.audio.channels == 1 else 0.0)
        for one in tracks
        if not one.heard.silent
    }


def _stray(loud: Mapping[str, float], good: Mapping[str, float]) -> float:
    off = [loud[name] - good[name] for name in good if name in loud]
    return float(np.sqrt(np.mean(np.square(np.array(off) - median(off)))))


def _balance_db(audio: Audio) -> float:
    return result(hear(audio)).balance_db


def _turned(stem: Stem, gain_db: float) -> Stem:
    samples = (stem.audio.samples * 10.0 ** (gain_db / 20.0)).astype(np.float32)
    return replace(stem, audio=Audio(samples, stem.audio.rate))


def _zeros(shape: tuple[int, ...]) -> Samples:
    return np.zeros(shape, dtype=np.float32)
