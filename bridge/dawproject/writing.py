"""A song -> a DAWproject, its elements in the published order, its sound inside."""

from __future__ import annotations

import math
import zipfile
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from io import BufferedRandom, FileIO, RawIOBase
from typing import IO, cast
from xml.etree.ElementTree import Element, SubElement, tostring

from assistant.errors import MaterialError
from assistant.material import Audio, Bend, Note, Score, Stem, Track
from assistant.moves import Move
from assistant.steps import part
from bridge import names
from bridge.dawproject.archive import PROJECT
from bridge.dawproject.clock import Clock
from bridge.dawproject.devices import decimal, left_out, strip
from bridge.dawproject.exchange import Exchange
from bridge.midi.part import DRUM_CHANNEL
from bridge.midi.score import MAX_NAME
from bridge.sound import encoding
from bridge.sound.form import Form
from bridge.version import VERSION

__all__ = ["room_for", "writing"]

METADATA = "metadata.xml"

_MASTER = "mix"
_SMALL_ZIP = (1 << 31) - 1


def room_for(song: Exchange, form: Form) -> int:
    """Tell how many bytes its sound takes."""
    return sum(encoding.room_for(stem.audio, _form(form)) for stem in song.stems)


def writing(song: Exchange, form: Form, file: FileIO) -> Generator[float, None, None]:
    """Write a DAWproject, the same for the same song.

    Parameters
    ----------
    song : Exchange
        What it holds.
    form : Form
        The depth of its sound, which is written as WAV.
    file : FileIO
        An empty file, open for writing and reading.

    Yields
    ------
    float
        Share that is done.

    Raises
    ------
    MaterialError
        Where a DAWproject cannot say what the score says.
    OSError
        Where the disk is full or fails.
    """
    paths = [f"audio/{at}-{names.plain(stem.name)}.wav" for at, stem in enumerate(song.stems, 1)]
    project = tostring(_project(song, paths), encoding="UTF-8", xml_declaration=True)
    metadata = tostring(_metadata(song), encoding="UTF-8", xml_declaration=True)
    with _whole(file) as whole, zipfile.ZipFile(whole, "w") as packed:
        for name, data in ((METADATA, metadata), (PROJECT, project)):
            packed.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
        for done, (path, stem) in enumerate(zip(paths, song.stems, strict=True)):
            work = _pack(packed, path, stem.audio, _form(form))
            yield from part(work, done / len(paths), 1.0 / len(paths))


@contextmanager
def _whole(file: FileIO) -> Iterator[IO[bytes]]:
    """Put a buffer before a file, which takes a part and says nothing where a disk fills up."""
    buffer = BufferedRandom(file)
    try:
        yield buffer
    finally:
        buffer.detach()  # when all is written


def _form(form: Form) -> Form:
    """Choose a WAV that every DAW reads."""
    return replace(form, container="WAV", subtype="FLOAT" if form.floating else form.subtype)


def _pack(
    packed: zipfile.ZipFile, path: str, audio: Audio, form: Form
) -> Generator[float, None, None]:
    wide = encoding.room_for(audio, form) > _SMALL_ZIP
    with packed.open(zipfile.ZipInfo(path), "w", force_zip64=wide) as member:
        yield from encoding.encode(audio, form, cast("RawIOBase", member))


def _metadata(song: Exchange) -> Element:
    said = Element("MetaData")
    SubElement(said, "Title").text = _printed(song.title)
    lost = "; ".join(left_out(song.moves))
    unsaid = f" Left out, for a DAWproject has no word for it: {lost}." if lost else ""
    SubElement(said, "Comment").text = _printed(song.comment + unsaid)
    return said


def _printed(text: str) -> str:
    return "".join(letter for letter in text if letter.isprintable())


def _project(song: Exchange, paths: list[str]) -> Element:
    project = Element("Project", version="1.0")
    SubElement(project, "Application", name="bandmate", version=VERSION)
    _transport(project, song.score)
    structure = SubElement(project, "Structure")
    arrangement = SubElement(project, "Arrangement", id="arrangement")
    lanes = SubElement(arrangement, "Lanes", timeUnit="beats", id="lanes")
    clock = Clock(song.score.tempos)
    for at, track in enumerate(song.score.tracks, 1):
        _track(structure, f"n{at}", track.name, "notes")
        _clip_of_notes(_clips(lanes, f"n{at}"), track, song.score)
    for at, (stem, path) in enumerate(zip(song.stems, paths, strict=True), 1):
        moves = [move for move in song.moves if move.target == stem.name]
        _track(structure, f"a{at}", stem.name, "audio", moves)
        _clip_of_sound(_clips(lanes, f"a{at}"), stem, path, clock)
    moves = [move for move in song.moves if move.target == _MASTER]
    _track(structure, "master", "Master", "audio notes", moves)
    _maps(arrangement, song.score)
    SubElement(project, "Scenes")
    return project


def _transport(project: Element, score: Score) -> None:
    transport = SubElement(project, "Transport")
    tempo, meter = score.tempos[0], score.meters[0]
    SubElement(transport, "Tempo", id="tempo", unit="bpm", value=decimal(tempo.bpm))
    SubElement(
        transport,
        "TimeSignature",
        id="meter",
        numerator=str(meter.numerator),
        denominator=str(meter.denominator),
    )


def _maps(arrangement: Element, score: Score) -> None:
    """Write the tempo and the metre map where they say more than the transport."""
    if len(score.tempos) > 1:
        tempos = SubElement(arrangement, "TempoAutomation", id="tempos", unit="bpm")
        SubElement(tempos, "Target", parameter="tempo")
        for tempo in score.tempos:
            said = {
                "time": decimal(tempo.beat),
                "value": decimal(tempo.bpm),
                "interpolation": "hold",
            }
            SubElement(tempos, "RealPoint", said)
    if len(score.meters) > 1:
        meters = SubElement(arrangement, "TimeSignatureAutomation", id="meters")
        SubElement(meters, "Target", parameter="meter")
        for meter in score.meters:
            over, under = str(meter.numerator), str(meter.denominator)
            said = {"time": decimal(meter.beat), "numerator": over, "denominator": under}
            SubElement(meters, "TimeSignaturePoint", said)


def _track(
    structure: Element, name: str, shown: str, holds: str, moves: Sequence[Move] = ()
) -> None:
    """Add a track with its strip; the master is where the others go."""
    is_master = name == "master"
    title = _printed(shown)[:MAX_NAME]
    track = SubElement(structure, "Track", id=name, name=title, contentType=holds, loaded="true")
    said = {"id": f"{name}-channel", "role": "master" if is_master else "regular"}
    said |= {"audioChannels": "2"} | ({} if is_master else {"destination": "master-channel"})
    channel = SubElement(track, "Channel", said)
    strip(channel, moves)


def _clips(lanes: Element, name: str) -> Element:
    lane = SubElement(lanes, "Lanes", id=f"{name}-lane", track=name)
    return SubElement(lane, "Clips", id=f"{name}-clips")


def _clip_of_notes(clips: Element, track: Track, score: Score) -> None:
    """Lay all notes of a track into one clip of whole bars from the start of the song."""
    bar = score.meters[0].bar_beats
    end = max((note.end for note in track.notes), default=0.0)
    length = bar * max(1, math.ceil(end / bar))
    clip = SubElement(
        clips,
        "Clip",
        time="0.0",
        duration=decimal(length),
        playStart="0.0",
        name=_printed(track.name),
    )
    notes = SubElement(clip, "Notes", id=f"{clips.get('id')}-notes")
    for note in track.notes:
        _note(notes, note, track)


def _note(notes: Element, note: Note, track: Track) -> None:
    key = _key(note.pitch)
    said = {"time": decimal(note.start), "duration": decimal(note.length)}
    said |= {"channel": str(DRUM_CHANNEL if track.drums else 0), "key": str(key)}
    said |= {"vel": decimal(note.velocity / 127.0)}
    written = SubElement(notes, "Note", said)
    within = [bend for bend in track.bends if note.start < bend.beat < note.end]
    if note.pitch != key or within:
        points = SubElement(written, "Points", unit="semitones")
        SubElement(points, "Target", expression="transpose")
        for bend in (Bend(note.start, note.pitch), *within):
            beat, moved = bend.beat - note.start, bend.pitch - key
            SubElement(points, "RealPoint", time=decimal(beat), value=decimal(moved))


def _key(pitch: float) -> int:
    if not -0.5 <= pitch < 127.5:
        raise MaterialError(f"A DAWproject has keys 0 to 127; a note has {pitch:g}.")
    return min(127, max(0, round(pitch)))


def _clip_of_sound(clips: Element, stem: Stem, path: str, clock: Clock) -> None:
    rate, seconds = stem.audio.rate, stem.audio.seconds
    start = clock.beats(stem.start / rate)
    end = clock.beats(stem.start / rate + seconds)
    clip = SubElement(
        clips,
        "Clip",
        time=decimal(start),
        duration=decimal(end - start),
        contentTimeUnit="seconds",
        playStart="0.0",
        playStop=decimal(seconds),
        name=_printed(stem.name),
    )
    said = {"channels": str(stem.audio.channels), "sampleRate": str(rate)}
    said |= {"duration": decimal(seconds), "timeUnit": "seconds", "id": f"{clips.get('id')}-sound"}
    SubElement(SubElement(clip, "Audio", said), "File", path=path)
