"""Notes and sound put into the session of a linked DAW, beside what is there."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

from assistant.errors import DawError
from bridge.daw_session import DawSession
from bridge.daws.adapter import NOTES_FILE, Said, Song
from bridge.scores import read_score

__all__ = ["insert", "place"]


async def insert(session: DawSession, path: str, write: Callable[[], None]) -> str:
    """Put the notes of a file at the selected clip, or at the start; all else is as in `place`."""
    score = await asyncio.to_thread(read_score, Path(path))
    async with session.lock:
        song = await session.looked()
        at = song.clip.start_beats if song.clip else 0.0
        said = [_with_file(one, path) for one in session.adapter.notes(song, score, at)]
        return await _put(session, said, "The notes", write)


async def place(
    session: DawSession, path: str, source: str, cut_seconds: float, write: Callable[[], None]
) -> str:
    """Put a sound file where what it was made of is.

    Parameters
    ----------
    session : DawSession
        Where.
    path : str
        The file.
    source : str
        The file that it was made of.
    cut_seconds : float
        Where in `source` it begins.
    write : callable
        Is called before anything is changed.

    Returns
    -------
    str
        What came of it.

    Raises
    ------
    DawError
        Where it cannot be placed; nothing was done then.
    """
    async with session.lock:
        song = await session.looked()
        at = _beat(song, source, cut_seconds)
        return await _put(session, session.adapter.audio(song, path, at), "The sound", write)


async def _put(
    session: DawSession, said: Sequence[Said], what: str, write: Callable[[], None]
) -> str:
    """Say what puts something there, and hear whether the DAW minds."""
    write()
    await session.say(said)
    title = session.adapter.TITLE
    if not await session.refresh():
        return f"{title} does not answer any more: look whether it is there."
    if session.song.trouble:
        return f"{title} says: {session.song.trouble[:200]}"
    return f"{what} went to {title}, onto the selected track. Undo it there."


def _with_file(said: Said, path: str) -> Said:
    """Name the file of the notes to a DAW that takes them as one."""
    return said._replace(values=tuple(path if one == NOTES_FILE else one for one in said.values))


def _beat(song: Song, source: str, cut_seconds: float) -> float:
    """Tell the beat where a sound begins that was made of `source`, from `cut_seconds` on."""
    clip = song.clip
    if clip is None:
        return 0.0
    if clip.path != source or song.tempo_bpm is None:
        return clip.start_beats
    later = (cut_seconds - clip.offset_seconds) * song.tempo_bpm / 60.0
    if clip.start_beats + later < -0.001:
        raise DawError(
            "The sound begins before the song does. Ask for the selected part alone: cut "
            f'"{clip.offset_seconds:g}-{clip.offset_seconds + clip.length_seconds:g}".'
        )
    return max(0.0, clip.start_beats + later)
