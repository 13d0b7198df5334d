"""Files in and out: sound, scores, tunings and folders of stems -> material, and material -> files.

Nothing is ever overwritten, nothing is ever half-written, and what cannot be read is refused in
one sentence that says what was seen and what would be right.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from io import FileIO
from pathlib import Path
from types import MappingProxyType
from typing import TypeAlias

from assistant.errors import FileError, MaterialError
from assistant.material import Audio, Material, Samples, Score, Session, Stem, Temperament
from bridge import disk, names, opening, placing, scala
from bridge.midi import score as midi
from bridge.midi.smf import MAX_BYTES
from bridge.opening import AUDIO_SUFFIXES
from bridge.sound import decoding, encoding, headers, tags
from bridge.sound.flaws import Flaw
from bridge.sound.form import DEFAULT_FORM, Form, common_form
from bridge.sound.spool import Spool
from bridge.sound.tags import NO_TAGS, Tags

__all__ = ["DEFAULT_FORM", "Form", "Source", "read", "write_all"]

MAX_STEMS = 256

Scratcher: TypeAlias = Callable[[tuple[int, ...]], Samples]

_WANTED = {
    Audio: "a sound file (WAV, FLAC, AIFF, OGG, MP3)",
    Score: "a score (.mid)",
    Session: "a folder of stems",
    Temperament: "a tuning (.scl)",
}
_HOLDS = {Audio: "sound", Score: "notes"}
_PAGE = ".html"
_TEXTS = {"leadsheet": ".musicxml"}
"""How the files of texts end, by role; others are pages. A lead sheet stands beside the notes."""


@dataclass(frozen=True, eq=False)
class Source:
    """What was read.

    Parameters
    ----------
    material : Material
        What the file, or the folder, holds.
    form : Form
        How sound that is made of it is written.
    tags : Tags
        What a sound file says besides its sound.
    stem_tags : mapping of str to Tags
        The same for each stem of a folder, by its name.
    """

    material: Material
    form: Form = DEFAULT_FORM
    tags: Tags = NO_TAGS
    stem_tags: Mapping[str, Tags] = field(default_factory=dict)


def read(path: Path, takes: tuple[type, ...], scratch: Scratcher) -> Source:
    """Read what the musician named.

    Parameters
    ----------
    path : Path
        A sound file, a MIDI file, a Scala file or a folder of stems. Roots are the caller's to
        check.
    takes : tuple of type
        What is wanted: any of `Audio`, `Score`, `Session`, `Temperament`; others are passed over.
    scratch : callable
        Makes the arrays for the samples, see `bridge.scratch`.

    Returns
    -------
    Source
        The material, of one of these types, and the form that keeps its sound.

    Raises
    ------
    FileError
        Where it cannot be read, or is something else than what is wanted.
    """
    wanted = " or ".join(_WANTED[kind] for kind in _WANTED if kind in takes) or "no file"
    if opening.is_folder(path):
        if Session not in takes:
            raise FileError(f"{disk.shown(path)} is a folder; what is wanted is {wanted}.")
        return _read_session(path, scratch)
    if not {Audio, Score, Temperament} & set(takes):
        raise FileError(f"{disk.shown(path)} is a file; what is wanted is {wanted}.")
    with opening.opened(path) as file, disk.told(f"{disk.shown(path)} cannot be read"):
        try:
            return _read_file(file, takes, wanted, scratch)
        except (Flaw, MaterialError) as flaw:
            raise FileError(f"{disk.shown(path)} {flaw}") from None


def write_all(
    material: Mapping[str, Material | str],
    folder: Path,
    name: str,
    number: int,
    form: Form,
    said: Mapping[str, Tags] = MappingProxyType({}),
) -> dict[str, Path]:
    """Write the files of one suggestion, all or none, all with one number.

    Parameters
    ----------
    material : mapping of str to Material or str
        By role: sound is written as `form` says, scores as .mid, a lead sheet as .musicxml, other
        texts as .html.
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
    endings = _endings(material, form)
    with disk.told(f"Nothing can be written in {disk.shown(folder)}"), ExitStack() as drafts:
        _make(folder)
        disk.check_room(folder, sum(_room(one, form) for one in material.values()))
        begun: dict[str, placing.Draft] = {}
        for role, ending in endings.items():
            draft = drafts.enter_context(placing.draft(folder))
            _fill(draft.file, material[role], form, said.get(role, NO_TAGS))
            begun[ending] = draft
        placed = placing.place_all(begun, folder, name, number)
    return {role: placed[ending] for role, ending in endings.items()}


def _read_file(file: FileIO, takes: tuple[type, ...], wanted: str, scratch: Scratcher) -> Source:
    try:
        kind = headers.kind_of(file)
    except Flaw:
        if Temperament not in takes:
            raise
        return _read_temperament(file)  # text, which nothing at its beginning tells
    holds = Score if kind == "MIDI" else Audio
    if holds not in takes:
        raise Flaw(f"holds {_HOLDS[holds]} ({kind}); what is wanted is {wanted}.")
    if holds is Score:
        return _read_score(file)
    audio, form = decoding.decode(file, kind, scratch)
    return Source(audio, form, tags.read(file, kind, audio.rate))


def _read_score(file: FileIO) -> Source:
    file.seek(0)
    data = file.read(MAX_BYTES + 1) or b""
    try:
        return Source(midi.score_from_bytes(data))
    except FileError as error:
        raise Flaw(f"cannot be read: {error}") from None


def _read_temperament(file: FileIO) -> Source:
    file.seek(0)
    data = file.read(scala.MAX_BYTES + 1) or b""
    try:
        return Source(scala.temperament_from_bytes(data))
    except FileError as error:
        raise Flaw(f"cannot be read: {error}") from None


def _read_session(folder: Path, scratch: Scratcher) -> Source:
    """Read the sound files right in a folder, in order of name."""
    paths = _stem_paths(folder)
    sources = {path: read(path, (Audio,), scratch) for path in paths}
    stems: dict[str, Stem] = {}
    said: dict[str, Tags] = {}
    for path, source in sources.items():
        name = path.stem if path.stem not in stems else path.name
        stems[name], said[name] = Stem(name, _audio(source)), source.tags
    _check_rates(folder, {name: stem.audio.rate for name, stem in stems.items()})
    form = common_form(source.form for source in sources.values())
    return Source(Session(tuple(stems.values())), form, stem_tags=said)


def _stem_paths(folder: Path) -> list[Path]:
    with disk.told(f"{disk.shown(folder)} cannot be read"):
        entries = [one for one in folder.iterdir() if not one.name.startswith(".")]
        found = [
            one for one in entries if one.suffix.lower() in AUDIO_SUFFIXES and not one.is_dir()
        ]
        within = folder.resolve()
        away = [one for one in found if not one.resolve().is_relative_to(within)]
    if not found:
        raise FileError(f"{disk.shown(folder)} holds no sound files; export the stems into it.")
    if len(found) > MAX_STEMS:
        raise FileError(
            f"{disk.shown(folder)} holds {len(found)} sound files; {MAX_STEMS} at most."
        )
    if away:
        raise FileError(
            f"{disk.shown(away[0])} leads out of its folder; put the file itself there."
        )
    return sorted(found, key=lambda one: (unicodedata.normalize("NFC", one.name).casefold(), one))


def _audio(source: Source) -> Audio:
    if not isinstance(source.material, Audio):
        raise TypeError(f"a stem is {type(source.material).__name__}")
    return source.material


def _check_rates(folder: Path, rates: Mapping[str, int]) -> None:
    common = Counter(rates.values()).most_common(1)[0][0]
    others = [f"{name!r} at {rate}" for name, rate in rates.items() if rate != common]
    if others:
        raise FileError(
            f"The stems in {disk.shown(folder)} share one rate; most are at {common} Hz, but "
            f"{', '.join(others[:3])} Hz. Export them again at {common} Hz."
        )


def _endings(material: Mapping[str, Material | str], form: Form) -> dict[str, str]:
    """Say how the name of each role's file ends, ``main`` first, no two alike."""
    endings: dict[str, str] = {}
    for role in sorted(material, key=lambda role: role != "main"):
        suffix = _suffix(role, material[role], form)
        stem = "" if role == "main" or suffix in _TEXTS.values() else f".{names.plain(role)}"
        ending, again = stem + suffix, 2
        while names.folded(ending) in map(names.folded, endings.values()):
            ending, again = f"{stem}-{again}{suffix}", again + 1
        endings[role] = ending
    return endings


def _suffix(role: str, one: Material | str, form: Form) -> str:
    if isinstance(one, Audio):
        return form.suffix
    if isinstance(one, Score):
        return ".mid"
    if isinstance(one, str):
        return _TEXTS.get(role, _PAGE)
    raise TypeError(f"{type(one).__name__} has no file of its own")


def _fill(file: FileIO, one: Material | str, form: Form, said: Tags) -> None:
    if isinstance(one, Audio):
        encoding.encode(one, form, file, said)
        return
    data = midi.bytes_from_score(one) if isinstance(one, Score) else str(one).encode("utf-8")
    whole = Spool(file)
    whole.write(data)
    whole.check()


def _room(one: Material | str, form: Form) -> int:
    return encoding.room_for(one, form) if isinstance(one, Audio) else 0


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        raise FileError(f"{disk.shown(folder)} is a file, not a folder to write in.") from None
