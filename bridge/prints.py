"""Sounds of noise alone that the musician keeps by name, to clean takes of the same room with.

They lie in a folder of their own as sound files, to be renamed, deleted or carried on by hand.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from pathlib import Path

from assistant.contract import Stage
from assistant.errors import FileError, did_you_mean
from assistant.material import Audio
from bridge import disk, names, places, placing
from bridge.sound.form import Form

__all__ = ["ROLE", "keep", "named"]

ROLE = "print."
"""How the role of what is kept begins; its name follows."""

_FORM = Form("WAV", "FLOAT")
_MAX_TRIES = 1000


def named(found: Stage, settings: Mapping[str, object]) -> dict[str, object]:
    """Put the files of prints in the place of their names.

    Parameters
    ----------
    found : Stage
        Whose settings they are.
    settings : mapping of str to object
        Materials as paths, or as names of prints.

    Returns
    -------
    dict of str to object
        Materials as paths.

    Raises
    ------
    FileError
        Where a name is none of a print nor of a file.
    """
    heavy = [knob.name for knob in found.knobs if Audio in knob.accepts]
    told = {name: _file(str(settings[name])) for name in heavy if settings.get(name)}
    return {**settings, **told}


def keep(audio: Audio, name: str) -> Generator[float, None, Path]:
    """Keep a print.

    Parameters
    ----------
    audio : Audio
        Noise alone.
    name : str
        What it is called.

    Yields
    ------
    float
        Share that is done.

    Returns
    -------
    Path
        Its file: of that name, or with a number behind it where there is one already.

    Raises
    ------
    FileError
        Where the disk is full, or the folder takes no files.
    """
    from bridge.sound import encoding  # loads numpy and libsndfile, which the daemon does without

    folder, plain = places.prints(), names.plain(name)
    with disk.told(f"Nothing can be written in {disk.shown(folder)}"):
        disk.make(folder)
        disk.check_room(folder, encoding.room_for(audio, _FORM))
        with placing.draft(folder) as draft:
            yield from encoding.encode(audio, _FORM, draft.file)
            for number in range(1, _MAX_TRIES):
                file = f"{plain}{f'-{number}' if number > 1 else ''}{_FORM.suffix}"
                try:
                    draft.place(file)
                except FileExistsError:
                    continue
                return folder / file
    raise FileError(f"No name is free for the print {plain!r} in {disk.shown(folder)}.")


def _file(said: str) -> str:
    """Return the file of a print that was named; what is plainly a path stays as it is."""
    path = Path(said)
    if path.name != said or path.exists() or "\\" in said:
        return said
    kept = {names.folded(file.stem): file for file in _kept()}
    if (found := kept.get(names.folded(names.plain(said)))) is not None:
        return str(found)
    if path.suffix:  # no print, then a file that is not there, which is told with its neighbours
        return said
    there = sorted(file.stem for file in kept.values())
    guess = did_you_mean(said, there) if there else " None is kept yet."
    raise FileError(f"There is no print called {said[:80]!r}, and no such file.{guess}")


def _kept() -> list[Path]:
    folder = places.prints()
    return sorted(folder.glob(f"*{_FORM.suffix}")) if folder.is_dir() else []
