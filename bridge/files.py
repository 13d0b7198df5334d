"""Files in and out: sound, scores, tunings and folders of stems -> material, and material -> files.

What cannot be read is refused in one sentence that says what was seen and what would be right.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field, replace
from io import FileIO
from pathlib import Path
from typing import TypeAlias

from assistant.errors import FileError, MaterialError
from assistant.material import Audio, Material, Samples, Score, Session, Stem, Temperament
from assistant.steps import part, result
from bridge import disk, opening, scala
from bridge.dawproject import archive, mixing
from bridge.dawproject.reading import Project
from bridge.dawproject.tree import grown
from bridge.midi.reading import score_from_bytes
from bridge.midi.smf import MAX_BYTES
from bridge.sound import decoding, headers, tags
from bridge.sound.cut import WHOLE, Cut
from bridge.sound.flaws import Flaw
from bridge.sound.form import DEFAULT_FORM, Form, common_form
from bridge.sound.stem_names import stem_name
from bridge.sound.tags import NO_TAGS, Tags
from bridge.sound.together import common_rate, together
from bridge.writing import write_all, writing

__all__ = ["DEFAULT_FORM", "Form", "Source", "read", "reading", "write_all", "writing"]

MAX_STEMS = 256
_JOINED_FRAMES = 1 << 16
_LAYING = 0.4  # of reading stems that are to sound together: where some are converted

Scratcher: TypeAlias = Callable[[tuple[int, ...]], Samples]

_WANTED = {
    Audio: "a sound file (WAV, FLAC, AIFF, OGG, MP3)",
    Score: "a score (.mid, .dawproject)",
    Session: "a folder of stems",
    Temperament: "a tuning (.scl)",
}
_HOLDS = {Audio: "sound", Score: "notes"}


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
        What a sound file says besides its sound; of stems that sound together, when they begin.
    stem_tags : mapping of str to Tags
        What the file of each stem of a folder says, by its name.
    left_out : tuple of str
        Names of the files of a folder that the same stage made of others in it.
    remarks : tuple of str
        What was done to stems so that they sound together, and what in their folder is not read: a
        sentence each.
    song : Score, optional
        Tempo, metre and notes of the DAWproject that stems are of.
    """

    material: Material
    form: Form = DEFAULT_FORM
    tags: Tags = NO_TAGS
    stem_tags: Mapping[str, Tags] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    song: Score | None = None


def read(
    path: Path,
    takes: tuple[type, ...],
    scratch: Scratcher,
    stage: str = "",
    *,
    sums: bool = False,
) -> Source:
    """Read what the musician named.

    Parameters
    ----------
    path : Path
        A sound file, a MIDI file, a Scala file, a DAWproject or a folder of stems. Roots are the
        caller's to check.
    takes : tuple of type
        What is wanted: any of `Audio`, `Score`, `Session`, `Temperament`; others are passed over.
    scratch : callable
        Makes the arrays for the samples, see `bridge.scratch`.
    stage : str
        Whose results beside what they were made of are no stems: ``01.master-1.wav`` by ``01.wav``.
    sums : bool
        Whether the stems of a folder are to sound together: they are brought to one rate, and laid
        where their files say. Stems at several rates are refused where they are not.

    Returns
    -------
    Source
        The material, of one of these types, and the form that keeps its sound.

    Raises
    ------
    FileError
        Where it cannot be read, or is something else than what is wanted.
    """
    return result(reading(path, takes, scratch, stage, sums=sums))


def reading(
    path: Path,
    takes: tuple[type, ...],
    scratch: Scratcher,
    stage: str = "",
    cut: Cut = WHOLE,
    right: Path | None = None,
    *,
    sums: bool = False,
) -> Generator[float, None, Source]:
    """Do what `read` does, and tell how far it is.

    Parameters
    ----------
    path, takes, scratch, stage
        As in `read`.
    cut : Cut
        Which part of a sound file.
    right : Path, optional
        The right channel of a sound whose left one is `path`.
    sums : bool
        As in `read`.

    Yields
    ------
    float
        Share that is done.

    Returns
    -------
    Source
        As from `read`.

    Raises
    ------
    FileError
        As `read` does.
    """
    if right is not None:
        return (yield from _read_pair(path, right, scratch, cut))
    wanted = " or ".join(_WANTED[kind] for kind in _WANTED if kind in takes) or "no file"
    if opening.is_folder(path):
        if Session not in takes:
            raise FileError(f"{disk.shown(path)} is a folder; what is wanted is {wanted}.")
        if cut != WHOLE:
            raise FileError(f"{disk.shown(path)} is a folder; only of a sound file there is a cut.")
        return (yield from _read_session(path, scratch, stage, sums=sums))
    with opening.opened(path) as file, disk.told(f"{disk.shown(path)} cannot be read"):
        try:
            if archive.is_zip(file) and {Score, Session} & set(takes):
                return (yield from _read_project(file, takes, wanted, scratch, cut))
            return (yield from _read_file(file, takes, wanted, scratch, cut))
        except (Flaw, MaterialError) as flaw:
            raise FileError(f"{disk.shown(path)} {flaw}") from None


def _read_file(
    file: FileIO, takes: tuple[type, ...], wanted: str, scratch: Scratcher, cut: Cut
) -> Generator[float, None, Source]:
    if not {Audio, Score, Temperament} & set(takes):
        raise Flaw(f"is a file; what is wanted is {wanted}.")
    try:
        kind = headers.kind_of(file)
    except Flaw:
        if Temperament not in takes:
            raise
        return _read_temperament(file)  # text, which nothing at its beginning tells
    holds = Score if kind == "MIDI" else Audio
    if holds not in takes:
        raise Flaw(f"holds {_HOLDS[holds]} ({kind}); what is wanted is {wanted}.")
    if holds is Score and cut != WHOLE:
        raise Flaw(f"holds {_HOLDS[holds]} ({kind}); only of a sound file there is a cut.")
    if holds is Score:
        return _read_score(file)
    audio, form = yield from decoding.decode(file, kind, scratch, cut)
    said = tags.read(file, kind, audio.rate)
    if cut != WHOLE:
        said = said.cut(round(cut.begins * audio.rate), audio.frames)
    return Source(audio, form, said)


def _read_pair(
    path: Path, right: Path, scratch: Scratcher, cut: Cut
) -> Generator[float, None, Source]:
    """Read two files of one channel each as one sound; what is said besides is that of the left."""
    left = yield from part(reading(path, (Audio,), scratch, cut=cut), 0.0, 0.5)
    other = yield from part(reading(right, (Audio,), scratch, cut=cut), 0.5, 0.5)
    sides = _audio(left), _audio(other)
    _check_pair((path, right), sides)
    joined = scratch((2, sides[0].frames))
    for row, side in zip(joined, sides, strict=True):
        for start, block in side.blocks(_JOINED_FRAMES):
            row[start : start + block.shape[1]] = block[0]
    return replace(left, material=Audio(joined, sides[0].rate))


def _check_pair(paths: tuple[Path, Path], sides: tuple[Audio, Audio]) -> None:
    """See that two sounds are the channels of one."""
    for path, side in zip(paths, sides, strict=True):
        if side.channels != 1:
            raise FileError(
                f"{disk.shown(path)} has {side.channels} channels; the files of left and right "
                "have one each. Name the file alone where it is stereo already."
            )
    for what, unit in (("rate", "Hz"), ("frames", "frames")):
        seen = [getattr(side, what) for side in sides]
        if seen[0] != seen[1]:
            raise FileError(
                f"{disk.shown(paths[0])} has {seen[0]:,} {unit} and {disk.shown(paths[1])} "
                f"{seen[1]:,}; the channels of one take are alike in that."
            )


def _read_project(
    file: FileIO, takes: tuple[type, ...], wanted: str, scratch: Scratcher, cut: Cut
) -> Generator[float, None, Source]:
    """Read the notes of a DAWproject, or its stems; which of several takes is meant, it tells not.

    Who takes one sound file as well as several takes them for pieces, or for takes, of their own.
    """
    packed = archive.Archive(file)
    if cut != WHOLE:
        raise Flaw("holds a song (DAWproject); only of a sound file there is a cut.")
    project = Project(grown(packed.project()))
    if Score in takes:
        if project.only_launches:
            raise Flaw("has notes in the clip launcher only; put clips into the arrangement.")
        return Source(project.score)
    if Audio in takes:
        raise Flaw(
            f"holds the tracks of a song (DAWproject); what is wanted is {wanted}. "
            "Export that from the DAW."
        )
    session, form = yield from mixing.stems(project, packed, scratch)
    return Source(session, form, song=project.score)


def _read_score(file: FileIO) -> Source:
    file.seek(0)
    data = file.read(MAX_BYTES + 1) or b""
    try:
        return Source(score_from_bytes(data))
    except FileError as error:
        raise Flaw(f"cannot be read: {error}") from None


def _read_temperament(file: FileIO) -> Source:
    file.seek(0)
    data = file.read(scala.MAX_BYTES + 1) or b""
    try:
        return Source(scala.temperament_from_bytes(data))
    except FileError as error:
        raise Flaw(f"cannot be read: {error}") from None


def _read_session(
    folder: Path, scratch: Scratcher, stage: str, *, sums: bool
) -> Generator[float, None, Source]:
    """Read the sound files right in a folder, in order of name."""
    paths, left_out = opening.sound_files(folder, stage)
    unread = opening.passed_over(folder)
    _check_count(folder, len(paths), unread)
    share = (1.0 - _LAYING if sums else 1.0) / len(paths)
    sounds: dict[str, Audio] = {}
    said: dict[str, Tags] = {}
    forms: list[Form] = []
    for done, path in enumerate(paths):
        source = yield from part(reading(path, (Audio,), scratch), done * share, share)
        name = stem_name(path, sounds)
        sounds[name], said[name] = _sounding(path, source), source.tags
        forms.append(source.form)
    form = common_form(forms)
    if sums:
        song = yield from part(together(sounds, said, scratch), 1.0 - _LAYING, _LAYING)
        remarks = (*song.remarks, *_unread(unread))
        return Source(song.session, form, song.tags, song.stem_tags, left_out, remarks)
    _check_rates(folder, {name: audio.rate for name, audio in sounds.items()})
    stems = tuple(Stem(name, audio) for name, audio in sounds.items())
    return Source(Session(stems), form, stem_tags=said, left_out=left_out, remarks=_unread(unread))


def _sounding(path: Path, source: Source) -> Audio:
    """Take the sound of a stem, which is of some length."""
    audio = _audio(source)
    if audio.frames == 0:
        raise FileError(
            f"{disk.shown(path)} holds no samples, it is 0 s long; "
            "export it again, or take it out of the folder."
        )
    return audio


def _unread(names: str) -> tuple[str, ...]:
    wanted = "put those stems beside the others, as WAV or FLAC"
    return (f"Not read: {names}; {wanted}.",) if names else ()


def _check_count(folder: Path, count: int, unread: str) -> None:
    if not count:
        seen = f" There is {unread}, which is not read." if unread else ""
        empty = f"{disk.shown(folder)} holds no sound files; export the stems into it."
        raise FileError(empty + seen)
    if count > MAX_STEMS:
        raise FileError(f"{disk.shown(folder)} holds {count} sound files; {MAX_STEMS} at most.")


def _audio(source: Source) -> Audio:
    if not isinstance(source.material, Audio):
        raise TypeError(f"a stem is {type(source.material).__name__}")
    return source.material


def _check_rates(folder: Path, rates: Mapping[str, int]) -> None:
    common = common_rate(list(rates.values()))
    others = [f"{name!r} at {rate}" for name, rate in rates.items() if rate != common]
    if others:
        raise FileError(
            f"The stems in {disk.shown(folder)} share one rate; most are at {common} Hz, but "
            f"{', '.join(others[:3])} Hz. Export them again at {common} Hz."
        )
