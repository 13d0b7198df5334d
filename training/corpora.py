"""The corpora as they lie in the data folder: songs with key-relative chords, and their split."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = ["Corpus", "Song", "load"]


@dataclass(frozen=True)
class Song:
    """One song.

    Parameters
    ----------
    name : str
        As the corpus calls it.
    tonic : int
        Pitch class.
    mode : str
        ``"maj"``, ``"min"`` or ``"unk"``.
    chords : tuple of str
        Labels relative to the tonic, such as ``"V:7"``, no two neighbours the same.
    spans : tuple of (str, float)
        Labels with their lengths in beats; empty where the corpus does not say.
    melody : tuple of (int, int)
        MIDI pitch, 0 for a rest, and length in sixteenths; empty where the corpus has none.
    about : mapping
        What else is told: title, artist, metre, year.
    """

    name: str
    tonic: int
    mode: str
    chords: tuple[str, ...]
    spans: tuple[tuple[str, float], ...]
    melody: tuple[tuple[int, int], ...]
    about: Mapping[str, Any]


@dataclass(frozen=True)
class Corpus:
    """Songs by name, and which are to learn from (``train``) and to choose on (``valid``)."""

    songs: Mapping[str, Song]
    split: Mapping[str, tuple[str, ...]]

    def part(self, name: str) -> Iterator[Song]:
        """Walk through the songs of one part of the split; through all where there is none."""
        for song in self.split.get(name, tuple(self.songs) if not self.split else ()):
            yield self.songs[song]


def load(path: Path) -> Corpus:
    """Read a corpus.

    Parameters
    ----------
    path : Path
        A ``.json.gz`` as in the data folder: ``{"songs": {...}, "split": {...}}``.

    Returns
    -------
    Corpus
        Its songs, in the order of the file.
    """
    with gzip.open(path, "rt", encoding="utf-8") as file:
        told = json.load(file)
    songs = {name: _song(name, fields) for name, fields in told["songs"].items()}
    split = {part: tuple(names) for part, names in told.get("split", {}).items()}
    return Corpus(songs, split)


def _song(name: str, told: dict[str, Any]) -> Song:
    plain = {"tonic", "mode", "chords", "seg", "melody"}
    return Song(
        name,
        int(told["tonic"]),
        str(told.get("mode", "unk")),
        tuple(told["chords"]),
        tuple((label, float(beats)) for label, beats in told.get("seg", ())),
        tuple((int(pitch), int(length)) for pitch, length in told.get("melody", ())),
        {key: value for key, value in told.items() if key not in plain},
    )
