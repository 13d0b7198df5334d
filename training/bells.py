"""The model that hears where a filter lifts a track, whatever is played.

Tracks are rendered with the soundfonts of free licence that this machine has, bells are put into
their levels (`training.bells_lessons`), and a network learns to tell them. The card says how well
it does on tracks of other songs.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np

from assistant.dsp.bells import SILENCE
from assistant.dsp.moments import MOMENTS_PER_SECOND
from assistant.dsp.spectral_views import spectral_views
from assistant.material import Audio
from assistant.mixing.faults.resonances import SILENT
from assistant.steps import result
from bridge.tools.synth import Soundfont, find, soundfonts
from training.bells_lessons import Lessons, Track, lessons
from training.bells_sounds import RATE, Signal, Sounds, grooves
from training.corpora import load

if TYPE_CHECKING:
    from training.bells_net import Network

__all__ = ["heard", "learn", "tracks", "train"]

NAME = "bells"
_SEED = 20261123
_PACKS, _EACH = 24, 200  # of tracks, each with a seed of its own
_VALID = 160  # tracks
_MEMBERS, _STEPS, _BATCH = 2, 9_000, 32
_RATE, _DECAY, _WARM = 2e-3, 3e-2, 100
_KEPT = ("001", "002", "003")  # tunes of songs that the mix bench is developed on
_ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


def train(data: Path, models: Path) -> None:
    """Render tracks, learn from them, and write weights and card.

    Parameters
    ----------
    data : Path
        Folder of the corpora; ``BANDMATE_TEST_DATA`` names the one above it.
    models : Path
        Folder for ``bells.safetensors`` and ``.toml``.

    Raises
    ------
    FileNotFoundError
        Where symusic or a soundfont of a free licence is not installed.
    """
    from safetensors.numpy import save_file

    from training.bells_net import shipped

    began = perf_counter()
    os.environ |= _ONE_THREAD  # for the processes that render
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        packs = list(pool.map(tracks, [data] * (_PACKS + 1), range(_PACKS + 1)))
    valid = packs.pop()[:_VALID]
    known = [track for pack in packs for track in pack]
    members = learn(known, _STEPS)
    save_file(shipped(members), models / f"{NAME}.safetensors")
    card = _card(len(known), _told(members, valid), perf_counter() - began)
    (models / f"{NAME}.toml").write_text(card, encoding="utf-8")


def tracks(data: Path, pack: int) -> list[Track]:
    """Render a pack of tracks.

    Parameters
    ----------
    data : Path
        Folder of the corpora.
    pack : int
        Which one: the last is of songs to choose on, all others of songs to learn from.

    Returns
    -------
    list of Track
        The same for the same soundfonts.

    Raises
    ------
    FileNotFoundError
        Where symusic or a soundfont of a free licence is not installed.
    """
    if find() is None:
        raise FileNotFoundError(
            "tracks are rendered by symusic with FluidR3 or MuseScore_General: install both"
        )
    fonts = [Soundfont(path) for path in soundfonts()]
    corpus = load(data / "pop909-train-valid.json.gz")
    half = "valid" if pack == _PACKS else "train"
    tunes = [song.name for song in corpus.part(half) if song.melody and song.name not in _KEPT]
    sounds = Sounds(fonts, tunes, grooves(data / "groove-midi.tar.gz", half))
    return list(islice(_heard_all(sounds(pack)), _EACH))


def heard(sound: Signal, rate: int) -> Track | None:
    """Look at a sound; None where too little of it is to be heard."""
    hop = rate // MOMENTS_PER_SECOND
    whole = sound[:, : sound.shape[1] // hop * hop]
    powers = np.square(whole).mean(axis=0).reshape(-1, hop).mean(axis=1)
    middles = (np.flatnonzero(powers > SILENT) + 0.5) / MOMENTS_PER_SECOND
    audio = Audio(np.ascontiguousarray(sound, dtype=np.float32), rate)
    views = result(spectral_views(audio, middles))
    levels = [_levels(powers) for powers in (views.short, views.long)]
    return Track(*levels) if min(len(level) for level in levels) >= 16 else None


def learn(known: Sequence[Track], steps: int) -> list[Network]:
    """Learn from tracks.

    Parameters
    ----------
    known : sequence of Track
        What to put bells into.
    steps : int
        How many batches of 32 lessons.

    Returns
    -------
    list of Network
        Those that are asked together, as they stand after the last.
    """
    import torch

    from training.bells_net import Network, loss

    torch.manual_seed(_SEED)
    torch.set_num_threads(1)
    members = [Network() for _ in range(_MEMBERS)]
    learners = [
        torch.optim.AdamW(network.parameters(), _RATE, weight_decay=_DECAY) for network in members
    ]
    for step, batch in enumerate(_batches(known, steps)):
        falling = 0.5 + 0.5 * np.cos(np.pi * step / steps)
        for network, learner in zip(members, learners, strict=True):
            for group in learner.param_groups:
                group["lr"] = _RATE * min(1.0, (step + 1) / _WARM) * falling
            wrong = loss(network, batch)
            learner.zero_grad()
            wrong.sum().backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            learner.step()
    return [network.eval() for network in members]


_lent: Sequence[Track] = ()


def _lend(known: Sequence[Track]) -> None:
    global _lent  # noqa: PLW0603  # tracks go to a process once, not with each batch
    _lent = known


def _batch(number: int) -> Lessons:
    return lessons(_lent, _BATCH, np.random.default_rng([_SEED, number]))


def _batches(known: Sequence[Track], steps: int) -> Iterator[Lessons]:
    """Make lessons ahead, in processes of their own."""
    with get_context("spawn").Pool(2, _lend, (known,)) as pool:
        yield from pool.imap(_batch, range(steps), chunksize=4)


def _heard_all(sounds: Iterator[Signal]) -> Iterator[Track]:
    for sound in sounds:
        track = heard(sound, RATE)
        if track:
            yield track


def _levels(powers: Signal) -> np.ndarray[tuple[int, int], np.dtype[np.float16]]:
    there = powers[powers.min(axis=1, initial=1.0) > SILENCE]
    return np.asarray(10.0 * np.log10(there), dtype=np.float16)


def _told(members: Sequence[Network], valid: Sequence[Track]) -> list[float]:
    """Measure what networks lose on tracks of other songs, in the mean: place, gain, Q."""
    import torch

    from training.bells_net import loss

    dice = np.random.default_rng(_SEED)
    with torch.no_grad():
        asked = [lessons(valid, _BATCH, dice) for _ in range(20)]
        losses = [loss(network, batch).numpy() for network in members for batch in asked]
    return [float(value) for value in np.mean(losses, axis=0)]


def _card(count: int, told: Sequence[float], seconds: float) -> str:
    fonts = ", ".join(path.stem for path in soundfonts())
    place, gain, q = told
    return (
        'title = "Bells of filters in a track\'s spectrum"\n'
        'data = "chords and melodies of POP909 (Wang et al., 2020), drums of the Groove MIDI '
        f"dataset (Gillick et al., 2019), played by the soundfonts {fonts}; sung lines and noises "
        'are made by this project"\n'
        'licence = "MIT (POP909 and the soundfonts), CC BY 4.0 (Groove MIDI)"\n'
        'split = "rendered from train songs, measured on tracks of valid songs and of other '
        'drummers"\n'
        f"tracks = {count}\n"
        f"lessons = {_STEPS * _BATCH}\n"
        'takes = "by how much more precise the views of a spectrum are without bells of five Qs '
        'and twelve gains at each step; quantiles of levels at each step"\n'
        'gives = "at which step the surest bell stands, narrow or broad, or that there is none; '
        'its gain and Q"\n'
        f"seed = {_SEED}\n"
        f"training_seconds = {seconds:.0f}\n"
        f"date = {datetime.now(UTC).date()}\n\n"
        f"[valid]\nplace_nats = {place:.3f}\ngain_nats = {gain:.3f}\nq_nats = {q:.3f}\n"
    )
