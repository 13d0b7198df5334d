"""Material -> new files: the files of one suggestion, all or none.

Nothing is ever overwritten, and nothing is ever half-written.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import ExitStack
from io import FileIO
from pathlib import Path
from types import MappingProxyType
from typing import TypeAlias

from assistant.material import Audio, Material, Score
from assistant.steps import part, result
from bridge import disk, names, placing
from bridge.dawproject import writing as dawproject
from bridge.dawproject.exchange import Exchange
from bridge.midi import score as midi
from bridge.sound import encoding
from bridge.sound.form import Form
from bridge.sound.spool import Spool
from bridge.sound.tags import NO_TAGS, Tags

__all__ = ["write_all", "writing"]

Content: TypeAlias = Material | str | Exchange

_PAGE = ".html"
_PROJECT = ".dawproject"
_TEXTS = {"leadsheet": ".musicxml"}
"""How the files of texts end, by role; others are pages. A lead sheet stands beside the notes."""
_RESIDUAL = "residual"
"""Beside what is kept it makes up the take again, sample for sample: it is written as floats."""
_BESIDE = frozenset({_PROJECT, *_TEXTS.values()})
"""Files that bear the name of the suggestion alone: what they are, their ending says."""


def write_all(
    material: Mapping[str, Content],
    folder: Path,
    name: str,
    number: int,
    form: Form,
    said: Mapping[str, Tags] = MappingProxyType({}),
) -> dict[str, Path]:
    """Write the files of one suggestion, all or none, all with one number.

    Parameters
    ----------
    material : mapping of str to Material, str or Exchange
        By role: sound is written as `form` says, scores as .mid, a lead sheet as .musicxml, other
        texts as .html, a song for a DAW as .dawproject.
    folder : Path
        Where; it is made if it is not there. Roots are the caller's to check.
    name : str
        The piece and the stage, ``"mix.master"``.
    number : int
        The number of the suggestion; the next free one where it is taken.
    form : Form
        How sound is written.
    said : mapping of str to Tags
        By role: what its sound says besides.

    Returns
    -------
    dict of str to Path
        By role: ``mix.master-1.wav`` for ``main``, ``mix.master-1.report.html`` for ``report``,
        ``song.chords-1.musicxml`` for ``leadsheet``.

    Raises
    ------
    FileError
        Where the disk is full, or the folder takes no files; nothing was written then.
    """
    return result(writing(material, folder, name, number, form, said))


def writing(
    material: Mapping[str, Content],
    folder: Path,
    name: str,
    number: int,
    form: Form,
    said: Mapping[str, Tags] = MappingProxyType({}),
) -> Generator[float, None, dict[str, Path]]:
    """Do what `write_all` does, and tell how far it is.

    Parameters
    ----------
    material, folder, name, number, form, said
        As in `write_all`.

    Yields
    ------
    float
        Share that is done.

    Returns
    -------
    dict of str to Path
        As from `write_all`.

    Raises
    ------
    FileError
        As `write_all` does.
    """
    endings = _endings(material, form)
    with disk.told(f"Nothing can be written in {disk.shown(folder)}"), ExitStack() as drafts:
        disk.make(folder)
        begun = {ending: drafts.enter_context(placing.draft(folder)) for ending in endings.values()}
        # Asked last: a disk that takes no files at all often says that it is full as well.
        disk.check_room(
            folder, sum(_room(one, _form(role, form)) for role, one in material.items())
        )
        for done, (role, ending) in enumerate(endings.items()):
            file, said_of = begun[ending].file, said.get(role, NO_TAGS)
            work = _fill(file, material[role], _form(role, form), said_of)
            yield from part(work, done / len(endings), 1.0 / len(endings))
        placed = placing.place_all(begun, folder, name, number)
    return {role: placed[ending] for role, ending in endings.items()}


def _endings(material: Mapping[str, Content], form: Form) -> dict[str, str]:
    """Say how the name of each role's file ends, ``main`` first, no two alike."""
    endings: dict[str, str] = {}
    for role in sorted(material, key=lambda role: role != "main"):
        suffix = _suffix(role, material[role], _form(role, form))
        stem = "" if role == "main" or suffix in _BESIDE else f".{names.plain(role)}"
        ending, again = stem + suffix, 2
        while names.folded(ending) in map(names.folded, endings.values()):
            ending, again = f"{stem}-{again}{suffix}", again + 1
        endings[role] = ending
    return endings


def _form(role: str, form: Form) -> Form:
    return form.of_depth(32) if role == _RESIDUAL else form


def _suffix(role: str, one: Content, form: Form) -> str:
    if isinstance(one, Audio):
        return form.suffix
    if isinstance(one, Score):
        return ".mid"
    if isinstance(one, Exchange):
        return _PROJECT
    if isinstance(one, str):
        return _TEXTS.get(role, _PAGE)
    raise TypeError(f"{type(one).__name__} has no file of its own")


def _fill(file: FileIO, one: Content, form: Form, said: Tags) -> Generator[float, None, None]:
    if isinstance(one, Audio):
        yield from encoding.encode(one, form, file, said)
        return
    if isinstance(one, Exchange):
        yield from dawproject.writing(one, form, file)
        return
    data = midi.bytes_from_score(one) if isinstance(one, Score) else str(one).encode("utf-8")
    whole = Spool(file)
    whole.write(data)
    whole.check()


def _room(one: Content, form: Form) -> int:
    if isinstance(one, Exchange):
        return dawproject.room_for(one, form)
    return encoding.room_for(one, form) if isinstance(one, Audio) else 0
