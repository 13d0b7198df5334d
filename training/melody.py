"""Next pitch of a melody: how the model is made, and how well it does on the songs of a file.

What is scored is each note that sounds, the first too, as a MIDI pitch above the tonic, the octave
kept: one of 66. Rests are not scored. Known before a note are all earlier notes and rests with
their lengths, where it starts on a grid of sixteenths, the tonic and the mode; with chords also the
chord that sounds at its start. Nothing that comes later is known.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.models.copying import gather_hashes
from assistant.models.echoes import Echoes, blend, echoes
from assistant.models.labels import QUALITIES
from assistant.models.layers import Floats, Weights
from assistant.models.melodies import Melodies, tokens
from assistant.models.melody import MelodyNet
from training.corpora import Corpus, Song, load

__all__ = ["evaluate", "read", "train"]

SEED = 20261122
DATE = "2026-11-22"
_DEGREES = {"I": 0, "II": 2, "III": 4, "IV": 5, "V": 7, "VI": 9, "VII": 11}


def read(song: Song) -> Melodies | None:
    """Take the melody of a song with the chords that sound at its starts.

    Parameters
    ----------
    song : Song
        From a corpus; spans lie in beats from the start of the melody.

    Returns
    -------
    Melodies or None
        One melody; without chords where the song has no spans. None where nothing sounds.
    """
    pitches, lengths = np.array(song.melody, dtype=np.int64).reshape(-1, 2).T
    starts = np.cumsum(lengths) - lengths
    sounds = pitches > 0
    if not sounds.any():
        return None
    pitches, lengths, starts = (part[None, sounds] for part in (pitches, lengths, starts))
    melodies = Melodies(pitches, lengths, starts, song.tonic, song.mode)
    return _with_chords(melodies, song) if song.spans else melodies


def _with_chords(melodies: Melodies, song: Song) -> Melodies:
    ends = np.cumsum([beats * 4 for _, beats in song.spans])
    at = np.searchsorted(ends, melodies.starts[0], side="right")
    chords = [_chord(label, song.tonic) for label, _ in song.spans] + [_NO_CHORD]
    roots = np.array([root for root, _ in chords])[at]
    tones = np.zeros((len(chords), 12), dtype=np.float32)
    for chord, (_, classes) in zip(tones, chords, strict=True):
        chord[list(classes)] = 1
    return replace(melodies, roots=roots[None], tones=tones[at][None])


_NO_CHORD: tuple[int, tuple[int, ...]] = -1, ()


def _chord(label: str, tonic: int) -> tuple[int, tuple[int, ...]]:
    """Read a label such as ``"bVII:maj"``: its root and its pitch classes."""
    degree, _, quality = label.partition(":")
    if degree.lstrip("b#") not in _DEGREES:
        return _NO_CHORD
    bent = degree.count("#") - degree.count("b")
    root = (tonic + _DEGREES[degree.lstrip("b#")] + bent) % 12
    return root, tuple((root + tone) % 12 for tone in QUALITIES.get(quality, (0,)))


@dataclass(frozen=True)
class _Told:
    """What was said of each note: bits, and how many pitches were held likelier."""

    bits: Floats
    likelier: NDArray[np.int64]

    def metrics(self) -> dict[str, Any]:
        if not len(self.bits):
            return {"notes": 0}
        bits = float(self.bits.mean())
        top = {f"top{n}": round(float((self.likelier < n).mean()), 4) for n in (1, 3, 5)}
        return {"bits": round(bits, 4), "perplexity": round(2**bits, 3), **top}


def _tell(logs: Floats, pitch: NDArray[np.integer[Any]]) -> _Told:
    own = np.take_along_axis(logs, pitch[:, None], axis=1)
    return _Told(-own[:, 0] / np.log(2), (logs > own).sum(axis=1))


def _pooled(told: Iterable[tuple[_Told, NDArray[np.bool_]]]) -> dict[str, Any]:
    """Pool the notes of all songs, and those in new contexts apart."""
    each, fresh = zip(*told, strict=True)
    new = np.concatenate(fresh)
    bits = np.concatenate([one.bits for one in each])
    likelier = np.concatenate([one.likelier for one in each])
    contexts = {"share": round(float(new.mean()), 4), **_Told(bits[new], likelier[new]).metrics()}
    return {**_Told(bits, likelier).metrics(), "new_contexts": contexts}


def measure(songs: Iterable[Song], weights: Weights) -> dict[str, Any]:
    """Measure weights on songs; the keys are those of `evaluate`."""
    lines = [line for song in songs if (line := read(song)) is not None]
    if not lines:
        return {"notes": 0}
    net, found = MelodyNet(weights), [echoes(line) for line in lines]
    plain = _part(net, weights, [line.without_chords() for line in lines], found)
    harmonised = [index for index, line in enumerate(lines) if line.roots is not None]
    told = {
        "definition": " ".join((__doc__ or "").split("\n\n")[1].split()),
        "notes": sum(line.pitches.size for line in lines),
        **plain,
        "rhythm_bits": round(_rhythm_bits(net, lines), 4),
    }
    if harmonised:
        chosen = [lines[index] for index in harmonised]
        told["with_chords"] = _part(net, weights, chosen, [found[index] for index in harmonised])
    return told


def _part(
    net: MelodyNet, weights: Weights, lines: Sequence[Melodies], found: Sequence[Echoes]
) -> dict[str, Any]:
    alone, remembered = [], []
    for line, echo in zip(lines, found, strict=True):
        pitch, logs = tokens(line)[0], net.predict(line)[0]
        alone.append((_tell(logs, pitch), echo.fresh))
        remembered.append((_tell(blend(echo, logs, weights), pitch), echo.fresh))
    return {**_pooled(remembered), "without_memory": _pooled(alone)}


def _rhythm_bits(net: MelodyNet, lines: Sequence[Melodies]) -> float:
    """Measure lengths and rests together, in bits a note, without chords or memory."""
    bits = sum(
        float(net.rhythm_bits(line.without_chords())[0]) * line.pitches.size for line in lines
    )
    return bits / sum(line.pitches.size for line in lines)


def evaluate(songs: Iterable[Song], style: str = "") -> dict[str, Any]:
    """Measure what ships.

    Parameters
    ----------
    songs : iterable of Song
        With melodies; songs without are left out.
    style : str
        There is one model, of pop.

    Returns
    -------
    dict
        ``bits`` a note, ``perplexity``, ``top1``, ``top3``, ``top5`` with song memory and without
        chords; the same in ``new_contexts`` (the two pitches before the note have not stood
        together in this song before), in ``without_memory``, and in ``with_chords``.
    """
    from bridge.presets import weights

    return {"style": style or "pop", **measure(songs, weights("melody-pop"))}


def train(data: Path, models: Path) -> None:
    """Make the model and the hashes for the copy check.

    Parameters
    ----------
    data : Path
        The folder with ``pop909-train-valid.json.gz``.
    models : Path
        Where ``melody-pop`` and ``melody-runs-pop`` are written, weights and cards.
    """
    from training.melody_fit import fit

    begun = time.monotonic()
    corpus = load(data / "pop909-train-valid.json.gz")
    lines = [line for song in corpus.part("train") if (line := read(song)) is not None]
    weights = {name: value.astype(np.float16) for name, value in fit(lines, SEED).items()}
    _save(weights, models / "melody-pop.safetensors")
    seconds = time.monotonic() - begun
    shipped = {name: value.astype(np.float32) for name, value in weights.items()}
    metrics = measure(corpus.part("valid"), shipped)
    _write(models / "melody-pop.toml", _net_card(corpus, weights, metrics, seconds))
    _save_runs(corpus, models)


def _save_runs(corpus: Corpus, models: Path) -> None:
    lines = [line for song in corpus.songs.values() if (line := read(song)) is not None]
    hashes = gather_hashes((line.pitches[0], line.lengths[0], line.starts[0]) for line in lines)
    _save(hashes, models / "melody-runs-pop.safetensors")
    count = {name: len(known) for name, known in hashes.items()}
    _write(
        models / "melody-runs-pop.toml",
        {
            "title": "Hashes of the runs of eight notes in the pop melodies, for the copy check",
            "data": _DATA,
            "songs": len(lines),
            "definition": "seven intervals with seven distances between starts, and seven "
            "intervals with eight lengths, in sixteenths; 32 bits of a hash each, no melody",
            "date": DATE,
            "hashes": count,
            "false_positives_a_run": sum(count.values()) / 2**32,
        },
    )


_DATA = {
    "name": "POP909",
    "licence": "MIT",
    "note": "The melodies are of copyrighted songs: none is shipped, and what is made is checked "
    "against hashes of their runs of eight notes.",
}


def _net_card(
    corpus: Corpus, weights: dict[str, NDArray[Any]], metrics: dict[str, Any], seconds: float
) -> dict[str, Any]:
    return {
        "title": "Next pitch, length and rest of a pop melody, with or without chords",
        "data": _DATA,
        "split": {"train": len(corpus.split["train"]), "valid": len(corpus.split["valid"])},
        "seed": SEED,
        "date": DATE,
        "training_seconds": round(seconds),
        "parameters": sum(value.size for value in weights.values()),
        "valid": metrics,
    }


def _save(arrays: dict[str, Any], path: Path) -> None:
    from safetensors.numpy import save

    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(save({name: np.ascontiguousarray(array) for name, array in arrays.items()}))


def _write(path: Path, card: dict[str, Any]) -> None:
    path.write_text("\n".join(_toml(card, "")) + "\n", encoding="utf-8")


def _toml(table: dict[str, Any], name: str) -> Iterable[str]:
    """Write a table line by line: its values, then the tables in it."""
    for key, value in table.items():
        if not isinstance(value, dict):
            yield f"{key} = {json.dumps(value, ensure_ascii=False)}"
    for key, value in table.items():
        if isinstance(value, dict):
            yield from ("", f"[{name}{key}]", *_toml(value, f"{name}{key}."))
