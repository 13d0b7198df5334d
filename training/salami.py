"""The McGill Billboard transcriptions: how long each chord lasts, in beats.

Lines are ``seconds<tab>section, | bar | bar | x2, comments``; a bar holds chords of equal length,
or ``.`` where the last one goes on, and may begin with a metre of its own in brackets.
"""

from __future__ import annotations

import re
import tarfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from assistant.models.labels import ROOTS
from training.corpora import Corpus, Song

__all__ = ["label", "spans", "with_spans"]

_METRE = re.compile(r"(?:# metre: |\()(\d+)/(\d+)")
_BAR = re.compile(r"\|([^|]*)(?=\|)")
_TIMES = re.compile(r"\| *x(\d+)")
_NATURALS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
_PLAIN = {
    "1": "5", "5(b7)": "7", "9": "7", "11": "sus4", "13": "7", "maj9": "maj7", "maj13": "maj7",
    "min9": "min7", "min11": "min7", "min13": "min7",
}  # fmt: skip


def with_spans(corpus: Corpus, transcriptions: Path) -> Corpus:
    """Add lengths in beats to the songs whose transcription tells the same chords.

    Parameters
    ----------
    corpus : Corpus
        Songs without lengths.
    transcriptions : Path
        The ``.tar.gz`` of ``billboard/<song>/salami_chords.txt``.

    Returns
    -------
    Corpus
        The same songs; those that do not match stay without lengths.
    """
    songs = dict(corpus.songs)
    with tarfile.open(transcriptions) as archive:
        for member in archive.getmembers():
            name = Path(member.name).parent.name
            file = archive.extractfile(member) if name in songs else None
            if file:
                songs[name] = _told(songs[name], file.read().decode("utf-8"))
    return Corpus(songs, corpus.split)


def _told(song: Song, text: str) -> Song:
    told = tuple((label(symbol, song.tonic), beats) for symbol, beats in spans(text))
    chords = [name for name, _ in told if name != "N"]
    changes = [name for at, name in enumerate(chords) if not at or chords[at - 1] != name]
    return replace(song, spans=told) if tuple(changes) == song.chords else song


def spans(text: str) -> Iterator[tuple[str, float]]:
    """Read the chords of a transcription with their lengths.

    Parameters
    ----------
    text : str
        Contents of ``salami_chords.txt``.

    Yields
    ------
    tuple of (str, float)
        A chord as written there, such as ``"A:min7/5"``, and beats.
    """
    beats, last = 4.0, "N"
    for line in text.splitlines():
        beats = _bar_beats(line, beats) if line.startswith("#") else beats
        times = _TIMES.search(line)
        for bar in _BAR.findall(line) * (int(times[1]) if times else 1):
            length = _bar_beats(bar, beats)
            words = [word for word in bar.split() if not word.startswith("(")]
            for word in words:
                last = last if word == "." else word
                yield last, length / len(words)


def _bar_beats(words: str, otherwise: float) -> float:
    """Count the beats of a bar where a metre is told; three eighths make one in a compound one."""
    told = _METRE.search(words)
    if not told:
        return otherwise
    over, under = int(told[1]), int(told[2])
    return over / 3 if under == 8 and over % 3 == 0 else over * 4 / under


def label(symbol: str, tonic: int) -> str:
    """Tell a chord as the corpora do: relative to the tonic, without bass and additions.

    Parameters
    ----------
    symbol : str
        Such as ``"Bb:min9/5"``.
    tonic : int
        Pitch class.

    Returns
    -------
    str
        Such as ``"IV:min7"``; ``"N"`` where there is no chord.
    """
    root, _, quality = symbol.partition(":")
    if not quality:
        return "N"
    pitch = _NATURALS[root[0]] + root.count("#") - root.count("b")
    above = quality.split("/")[0]
    plain = above.split("(")[0]
    return f"{ROOTS[(pitch - tonic) % 12]}:{_PLAIN.get(above, _PLAIN.get(plain, plain))}"
