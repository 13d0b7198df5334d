"""A DAWproject -> its tempo map, its notes, and where its sound lies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import NamedTuple
from xml.etree.ElementTree import Element

from assistant.material import Bend, Meter, Note, Score, Tempo, Track
from bridge.dawproject.clock import Clock, TempoPoint, stepped
from bridge.dawproject.tree import name_of, number, whole
from bridge.dawproject.walking import SLACK, Frame, Passage, Walk, unit_of
from bridge.midi.part import DRUM_CHANNEL
from bridge.midi.score import MAX_BEATS
from bridge.sound.flaws import Flaw

__all__ = ["Project", "Strip"]

MAX_NOTES = 1_000_000
MAX_POINTS = 100_000
MAX_TEMPOS = 250_000
BPM_RANGE = (1.0, 2000.0)

_DENOMINATORS = (1, 2, 4, 8, 16, 32, 64)
_USUAL_VELOCITY = 80 / 127


class Strip(NamedTuple):
    """A track of the mixer."""

    name: str
    muted: bool


class _Heard(NamedTuple):
    """A note, and the pitches it moves to."""

    note: Note
    bends: tuple[Bend, ...]
    channel: int


@dataclass(frozen=True, eq=False)
class Project:
    """What a ``project.xml`` says.

    Parameters
    ----------
    root : Element
        Its root.
    """

    root: Element

    @cached_property
    def tempos(self) -> tuple[Tempo, ...]:
        """The tempo map, curves as steps."""
        points = sorted(self._tempo_points(), key=lambda point: point.beat)
        first = self.root.find("Transport/Tempo")
        if not points:
            bpm = 120.0 if first is None else number(first.attrib, "value", 120.0)
            return (Tempo(0.0, _bpm(bpm)),)
        tempos = list(islice(stepped(points), MAX_TEMPOS + 1))
        if len(tempos) > MAX_TEMPOS:
            raise Flaw(
                f"changes its tempo more than {MAX_TEMPOS:,} times, steps of curves counted."
            )
        return _from_zero({tempo.beat: tempo for tempo in tempos})

    @cached_property
    def meters(self) -> tuple[Meter, ...]:
        """The metre map; a metre that no bar can have is left out."""
        first = self.root.find("Transport/TimeSignature")
        meters = {0.0: Meter(0.0, 4, 4)}
        automation = self.root.find("Arrangement/TimeSignatureAutomation")
        unit = "beats" if automation is None else unit_of(automation, "timeUnit", "beats")
        for said in ([] if first is None else [first]) + self._points("TimeSignatureAutomation"):
            beat = max(0.0, self.clock.turned(number(said.attrib, "time", 0.0), unit, "beats"))
            above, below = number(said.attrib, "numerator"), number(said.attrib, "denominator")
            if 1 <= above <= 255 and above == int(above) and below in _DENOMINATORS:
                meters[beat] = Meter(beat, int(above), int(below))
        return tuple(meters[beat] for beat in sorted(meters))

    @cached_property
    def clock(self) -> Clock:
        """The tempo map as a clock."""
        return Clock(self.tempos)

    @cached_property
    def strips(self) -> dict[str, Strip]:
        """The tracks by their ids, as they stand in the DAW; groups are among them."""
        structure = self.root.find("Structure")
        return {} if structure is None else dict(_strips(structure, muted=False))

    def passages(self, kind: str) -> Iterator[Passage]:
        """List what is heard in the arrangement, of one kind: ``"Notes"`` or ``"Audio"``."""
        walk = Walk(self.root, self.clock)
        for lanes in self.root.findall("Arrangement/Lanes"):
            for passage in walk.passages(lanes, Frame()):
                if passage.content.tag == kind:
                    yield passage

    @cached_property
    def score(self) -> Score:
        """The notes of all note clips, one `Track` for each track that has any.

        Raises
        ------
        Flaw
            Where there are too many.
        """
        heard: dict[str, list[_Heard]] = {}
        left = MAX_NOTES
        for content, frame in self.passages("Notes"):
            left -= len(content)
            if left < 0:
                raise Flaw(f"plays more than {MAX_NOTES:,} notes; export fewer clips of it.")
            heard.setdefault(frame.track, []).extend(self._notes(content, frame))
        order = dict.fromkeys((*self.strips, *heard))
        tracks = tuple(_track(self.name(one), heard[one]) for one in order if heard.get(one))
        return Score(tracks, self.tempos, self.meters)

    @property
    def only_launches(self) -> bool:
        """Whether notes are in the clip launcher, which is no place of the song, and only there."""
        launched = next(self.root.iterfind("Scenes//Note"), None) is not None
        return launched and not self.score.tracks

    def name(self, track: str) -> str:
        """Return the name of a track."""
        return self.strips[track].name if track in self.strips else "Track"

    def _tempo_points(self) -> Iterator[TempoPoint]:
        automation = self.root.find("Arrangement/TempoAutomation")
        if automation is not None and automation.get("timeUnit", "beats") != "beats":
            raise Flaw("counts its tempo map in seconds; export it from a DAW that does in beats.")
        for said in self._points("TempoAutomation"):
            bpm = _bpm(number(said.attrib, "value"))
            moves = said.get("interpolation", "hold") == "linear"
            yield TempoPoint(max(0.0, number(said.attrib, "time")), bpm, moves)

    def _points(self, automation: str) -> list[Element]:
        found = self.root.find(f"Arrangement/{automation}")
        points = [] if found is None else [one for one in found if one.tag.endswith("Point")]
        if len(points) > MAX_POINTS:
            raise Flaw(f"changes its tempo or metre more than {MAX_POINTS:,} times.")
        return points

    def _notes(self, content: Element, frame: Frame) -> Iterator[_Heard]:
        """List notes as they are heard: those that begin in their frame, ended where it ends."""
        for said in content.findall("Note"):
            start = frame.zero + number(said.attrib, "time")
            if frame.start - SLACK <= start < frame.end - SLACK:
                yield self._note(said, max(0.0, start), frame)

    def _note(self, said: Element, start: float, frame: Frame) -> _Heard:
        key = whole(said.attrib, "key", 0, 127)
        channel = whole(said.attrib, "channel", -1, 15, 0)
        velocity = number(said.attrib, "vel", _USUAL_VELOCITY)
        begin = self.clock.turned(start, frame.unit, "beats")
        if begin > MAX_BEATS:
            raise Flaw(f"goes on for over {MAX_BEATS:,} beats, too long.")
        length = number(said.attrib, "duration")
        end = min(start + length, frame.end)
        if frame.unit == "seconds" or start + length > frame.end + SLACK:
            length = self.clock.turned(end, frame.unit, "beats") - begin
        loud = min(127, max(1, round(velocity * 127)))
        pitch, bends = _bent(said, key, begin)
        note = Note(pitch, begin, max(SLACK, length), loud)
        return _Heard(note, tuple(bend for bend in bends if bend.beat < note.end), channel)


def _bpm(value: float) -> float:
    low, high = BPM_RANGE
    if not low <= value <= high:
        raise Flaw(f"has a tempo of {value:g} beats a minute; it goes from {low:g} to {high:g}.")
    return value


def _from_zero(tempos: dict[float, Tempo]) -> tuple[Tempo, ...]:
    """Let the first tempo hold from beat 0 on."""
    ordered = [tempos[beat] for beat in sorted(tempos)]
    first = Tempo(0.0, ordered[0].bpm)
    return (first, *(one for one in ordered if one.beat > 0.0))


def _strips(around: Element, *, muted: bool) -> Iterator[tuple[str, Strip]]:
    """List the tracks within a group, or within all; a group mutes what is in it."""
    for track in around.findall("Track"):
        said = track.find("Channel/Mute")
        silent = muted or (said is not None and said.get("value") == "true")
        yield track.get("id", ""), Strip(name_of(track, "Track"), silent)
        yield from _strips(track, muted=silent)


def _track(name: str, heard: Sequence[_Heard]) -> Track:
    """Make a track; all on channel 10, it is drums, as in MIDI files."""
    ordered = sorted(heard, key=lambda one: one.note.start)
    notes = tuple(one.note for one in ordered)
    bends = tuple(bend for one in ordered for bend in one.bends)
    drums = all(one.channel == DRUM_CHANNEL for one in heard)
    return Track(name, notes, drums=drums, bends=bends)


def _bent(said: Element, key: int, begin: float) -> tuple[float, list[Bend]]:
    """Read the cents of a note: by how much it is moved where it begins, and later on."""
    pitch, bends = float(key), list[Bend]()
    for points in said.findall(".//Points"):
        target = points.find("Target")
        if target is None or target.get("expression") != "transpose":
            continue
        for point in points.findall("RealPoint"):
            beat, moved = number(point.attrib, "time"), number(point.attrib, "value")
            there = min(127.0, max(0.0, key + moved))
            if beat <= 0.0:
                pitch = there
            else:
                bends.append(Bend(begin + beat, there))
    return pitch, sorted(bends, key=lambda bend: bend.beat)
