"""The audio tracks of a DAWproject -> stems: clips laid where they are heard, faders untouched."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Generator, Iterable, Mapping
from dataclasses import dataclass, field
from io import FileIO
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from assistant.material import MAX_CHANNELS, Audio, Samples, Session, Stem
from assistant.steps import part
from bridge import disk
from bridge.dawproject.archive import Archive
from bridge.dawproject.reading import Project
from bridge.dawproject.tree import number, whole
from bridge.dawproject.walking import SLACK, Fade, Passage
from bridge.sound import decoding, headers
from bridge.sound.flaws import Flaw
from bridge.sound.form import Form, common_form

__all__ = ["stems"]

MAX_STEMS = 256
MAX_SECONDS = 24 * 3600.0
BLOCK_FRAMES = 1 << 16

Scratcher: TypeAlias = "Callable[[tuple[int, ...]], Samples]"


@dataclass(frozen=True)
class _Piece:
    """A range of a sound file on a track; places are frames of the song."""

    track: str
    path: str
    rate: int
    channels: int
    zero: int
    start: int
    end: int
    fades: tuple[Fade, ...]


@dataclass
class _Lane:
    """A track that is being put together."""

    name: str
    start: int
    samples: Samples
    pieces: list[_Piece] = field(default_factory=list)


def stems(
    project: Project, archive: Archive, scratch: Scratcher
) -> Generator[float, None, tuple[Session, Form]]:
    """Put the sound of each audio track together.

    Clips that overlap sound together, fades are straight lines, and a mono clip sounds on all
    channels of its track. Muted tracks and clips are left out; volume, pan, devices and automation
    are not applied: a stem is what comes before the fader.

    Parameters
    ----------
    project : Project
        What the DAWproject says.
    archive : Archive
        Where its sound lies.
    scratch : callable
        Makes the arrays for the samples.

    Yields
    ------
    float
        Share that is done.

    Returns
    -------
    tuple of (Session, Form)
        A stem a track, in the order of the mixer; and the form that keeps their sound.

    Raises
    ------
    Flaw
        Where there is no sound, a clip is stretched, its file is missing or damaged, or rates
        differ.
    """
    pieces = [
        _piece(project, passage)
        for passage in project.passages("Audio")
        if not _is_muted(project, passage.frame.track)
    ]
    pieces = [piece for piece in pieces if piece.start < piece.end]
    _check(project, pieces)
    lanes = _lanes(project, pieces, scratch)
    paths = list(dict.fromkeys(piece.path for piece in pieces))
    forms = []
    for done, path in enumerate(paths):
        laid = _lay(archive, path, [one for one in pieces if one.path == path], lanes, scratch)
        forms.append((yield from part(laid, done / len(paths), 1.0 / len(paths))))
    rate = pieces[0].rate
    made = tuple(Stem(lane.name, Audio(lane.samples, rate), lane.start) for lane in lanes.values())
    return Session(made), common_form(forms)


def _is_muted(project: Project, track: str) -> bool:
    return track in project.strips and project.strips[track].muted


def _piece(project: Project, passage: Passage) -> _Piece:
    """Tell which frames of a file are heard, and where; the clip has to play at its own speed."""
    said, frame = passage.content.attrib, passage.frame.into("seconds", project.clock)
    named = f"the clip {frame.clip!r} of the track {project.name(frame.track)!r}"
    if frame.stretched:
        raise Flaw(
            f"stretches {named} to the tempo; bounce it in place, or switch its stretching off, "
            "and export again."
        )
    file = passage.content.find("File")
    if file is None or file.get("external") == "true":
        raise Flaw(f"leaves the sound of {named} outside; export it with its sound inside.")
    rate = whole(said, "sampleRate", 1, 10_000_000)
    end = min(frame.end, frame.zero + number(said, "duration"))
    start = max(0.0, frame.start, frame.zero)
    if end > MAX_SECONDS:
        raise Flaw(f"goes on for over {MAX_SECONDS / 3600:g} hours, too long.")
    channels = whole(said, "channels", 1, MAX_CHANNELS)
    zero, first, last = (round(time * rate) for time in (frame.zero, start, max(start, end)))
    return _Piece(frame.track, file.get("path", ""), rate, channels, zero, first, last, frame.fades)


def _check(project: Project, pieces: Iterable[_Piece]) -> None:
    rates = {piece.track: piece.rate for piece in pieces}
    if not rates:
        raise Flaw("has no sound in its arrangement; put clips into it, or unmute their tracks.")
    if len(rates) > MAX_STEMS:
        raise Flaw(f"has {len(rates)} audio tracks; {MAX_STEMS} at most.")
    common = Counter(piece.rate for piece in pieces).most_common(1)[0][0]
    others = {piece.track: piece.rate for piece in pieces if piece.rate != common}
    if others:
        some = ", ".join(f"{project.name(one)!r} at {rate} Hz" for one, rate in others.items())
        raise Flaw(
            f"mixes rates: most sound is at {common} Hz, but {some[:200]}. "
            f"Bounce it at {common} Hz."
        )


def _lanes(project: Project, pieces: Iterable[_Piece], scratch: Scratcher) -> dict[str, _Lane]:
    """Make room for each track, from where its first clip begins to where its last one ends."""
    sorted_in: dict[str, list[_Piece]] = {}
    for piece in pieces:
        sorted_in.setdefault(piece.track, []).append(piece)
    order = [track for track in project.strips if track in sorted_in]
    lanes: dict[str, _Lane] = {}
    for track in [*order, *(one for one in sorted_in if one not in project.strips)]:
        mine = sorted_in[track]
        start, end = min(one.start for one in mine), max(one.end for one in mine)
        shape = (max(one.channels for one in mine), end - start)
        name = _free(project.name(track), {lane.name for lane in lanes.values()})
        lanes[track] = _Lane(name, start, scratch(shape), mine)
    return lanes


def _free(name: str, taken: Iterable[str]) -> str:
    """Return a name that no other track has."""
    number, free = 2, name
    while free in taken:
        number, free = number + 1, f"{name} {number}"
    return free


def _lay(
    archive: Archive,
    path: str,
    pieces: Iterable[_Piece],
    lanes: Mapping[str, _Lane],
    scratch: Scratcher,
) -> Generator[float, None, Form]:
    """Decode a file once, and lay all its pieces."""
    with archive.sound(path) as file:
        try:
            audio, form = yield from decoding.decode(file, _kind(file), scratch)
        except Flaw as flaw:
            raise Flaw(f"holds a sound file {disk.shown(path)} that {flaw}") from None
    for piece in pieces:
        if audio.rate != piece.rate or audio.channels != piece.channels:
            raise Flaw(
                f"says that {disk.shown(path)} has {piece.channels} channels at {piece.rate} Hz; "
                f"it has {audio.channels} at {audio.rate} Hz. Export it again."
            )
        _add(lanes[piece.track], piece, audio)
    return form


def _kind(file: FileIO) -> str:
    kind = headers.kind_of(file)
    if kind == "MIDI":
        raise Flaw("holds notes; export it again.")
    return kind


def _add(lane: _Lane, piece: _Piece, audio: Audio) -> None:
    """Add a range of a file to a track, in blocks."""
    end = min(piece.end, piece.zero + audio.frames)
    for start in range(piece.start, end, BLOCK_FRAMES):
        stop = min(end, start + BLOCK_FRAMES)
        block = np.array(audio.samples[:, start - piece.zero : stop - piece.zero])
        if piece.fades:
            block = block * _gain(piece.fades, start, stop, piece.rate)
        there = slice(start - lane.start, stop - lane.start)
        count = len(lane.samples) if audio.channels == 1 else audio.channels
        lane.samples[:count, there] = lane.samples[:count, there] + block


def _gain(fades: Iterable[Fade], start: int, stop: int, rate: int) -> NDArray[np.float32]:
    """Return the gain of clips that come and go, between two frames of the song."""
    seconds = np.arange(start, stop) / rate
    gain = np.ones(stop - start)
    for fade in fades:
        if fade.rises > SLACK:
            gain *= np.clip((seconds - fade.start) / fade.rises, 0.0, 1.0)
        if fade.falls > SLACK:
            gain *= np.clip((fade.end - seconds) / fade.falls, 0.0, 1.0)
    return gain.astype(np.float32)
