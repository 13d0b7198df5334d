"""The arrangement, laid flat: what sounds, from where of it, and at which time of the song.

Clips lie in clips, repeat what they hold, begin it somewhere within, and count in beats or in
seconds. Each is a *frame*: where in the song the zero of its content is, and from when until when
it is heard. Laid flat, all that is left are notes and sound files, each in a frame.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple
from xml.etree.ElementTree import Element

from bridge.dawproject.clock import Clock, Unit
from bridge.dawproject.tree import MAX_DEPTH, name_of, number
from bridge.sound.flaws import Flaw

__all__ = ["SLACK", "Fade", "Frame", "Passage", "Walk", "unit_of"]

SLACK = 1e-6
"""Beats or seconds by which two ways to the same place may differ."""

MAX_PASSAGES = 100_000
STRETCH_SLACK = 1e-3  # beats or seconds over the whole of a clip: no ear hears it

_CONTENT = ("Lanes", "Clips", "Notes", "Audio", "Warps")


class Fade(NamedTuple):
    """A clip's ends in the song, and how long it takes to come and to go, all in seconds."""

    start: float
    end: float
    rises: float
    falls: float


@dataclass(frozen=True)
class Frame:
    """Where a timeline lies in the song.

    Parameters
    ----------
    unit : str
        Of all its times.
    zero : float
        Song time of its own time 0.
    start, end : float
        Song times within which it is heard.
    track : str
        Id of its track, ``""`` where it has none.
    clip : str
        Name of the clip around it.
    stretched : bool
        Whether it is played at another speed than its own.
    fades : tuple of Fade
        Of the clips around it.
    """

    unit: Unit = "beats"
    zero: float = 0.0
    start: float = 0.0
    end: float = math.inf
    track: str = ""
    clip: str = ""
    stretched: bool = False
    fades: tuple[Fade, ...] = ()

    def into(self, unit: Unit, clock: Clock) -> Frame:
        """Return the same in another unit."""
        if unit == self.unit:
            return self
        zero, start, end = (
            clock.turned(time, self.unit, unit) for time in (self.zero, self.start, self.end)
        )
        return replace(self, unit=unit, zero=zero, start=start, end=end)


class Passage(NamedTuple):
    """Notes or a sound file, where they are heard."""

    content: Element
    frame: Frame


class Walk:
    """Lays timelines flat.

    Parameters
    ----------
    root : Element
        The project, for timelines that are named instead of held.
    clock : Clock
        Its tempo map.
    """

    def __init__(self, root: Element, clock: Clock) -> None:
        self._named = {one.get("id"): one for kind in _CONTENT for one in root.iter(kind)}
        self._named.pop(None, None)  # what has no name is meant by no clip
        self._clock = clock
        self._left = MAX_PASSAGES
        self._kinds: dict[str, Callable[[Element, Frame, int], Iterator[Passage]]] = {
            "Lanes": self._lanes,
            "Clips": self._clips,
            "Warps": self._warps,
        }

    def passages(self, timeline: Element, frame: Frame, depth: int = 0) -> Iterator[Passage]:
        """List what a timeline holds.

        Parameters
        ----------
        timeline : Element
            One of `_CONTENT`; others hold nothing that is heard.
        frame : Frame
            In which it lies.
        depth : int
            How many timelines are around it.

        Yields
        ------
        Passage
            Of ``Notes`` and ``Audio``, in the unit in which they count.

        Raises
        ------
        Flaw
            Where there are too many, or one holds itself.
        """
        if depth > 2 * MAX_DEPTH:
            raise Flaw("holds a clip that holds itself; export it again.")
        if timeline.tag not in _CONTENT:
            return
        self._count()
        frame = frame.into(unit_of(timeline, "timeUnit", frame.unit), self._clock)
        frame = replace(frame, track=timeline.get("track", frame.track))
        within = self._kinds.get(timeline.tag)
        if within is None:
            yield Passage(timeline, frame)
        else:
            yield from within(timeline, frame, depth + 1)

    def _count(self) -> None:
        self._left -= 1
        if self._left < 0:
            raise Flaw(f"repeats its clips more than {MAX_PASSAGES:,} times; export less of it.")

    def _lanes(self, lanes: Element, frame: Frame, depth: int) -> Iterator[Passage]:
        for lane in lanes:
            yield from self.passages(lane, frame, depth)

    def _clips(self, clips: Element, frame: Frame, depth: int) -> Iterator[Passage]:
        for clip in clips.findall("Clip"):
            content = self._content(clip)
            if content is None or clip.get("enable") == "false":
                continue
            for heard in self._heard(clip, frame):
                if heard.start < heard.end - SLACK:
                    yield from self.passages(content, heard, depth)

    def _content(self, clip: Element) -> Element | None:
        held = next((child for child in clip if child.tag in _CONTENT), None)
        return held if held is not None else self._named.get(clip.get("reference"))

    def _heard(self, clip: Element, frame: Frame) -> Iterator[Frame]:
        """List the frames of what a clip holds: one, or one for each time that it goes round."""
        said = clip.attrib
        unit = unit_of(clip, "contentTimeUnit", frame.unit)
        place = frame.zero + number(said, "time")
        start = self._early(clip, place, frame)
        begin = self._clock.turned(start, frame.unit, unit)
        play = number(said, "playStart", 0.0)
        play -= self._clock.turned(place, frame.unit, unit) - begin
        end = math.inf
        if "duration" in said:
            end = self._clock.turned(place + number(said, "duration"), frame.unit, unit)
        elif "playStop" in said:
            end = begin + number(said, "playStop") - play
        around = frame.into(unit, self._clock)
        fades = (*frame.fades, self._fade(clip, unit, begin, end))
        heard = replace(
            around,
            zero=begin - play,
            start=max(around.start, begin),
            end=min(around.end, end),
            clip=name_of(clip, frame.clip),
            fades=tuple(fade for fade in fades if fade.rises > 0.0 or fade.falls > 0.0),
        )
        yield from self._rounds(heard, clip)

    def _rounds(self, heard: Frame, clip: Element) -> Iterator[Frame]:
        """Split a frame where its content goes back to the start of the loop."""
        low = number(clip.attrib, "loopStart", 0.0)
        high = number(clip.attrib, "loopEnd", 0.0)
        turn = heard.zero + high
        if high - low <= SLACK or turn <= heard.start or math.isinf(heard.end):
            yield heard
            return
        yield replace(heard, end=min(heard.end, turn))
        rounds = 0
        while turn < heard.end - SLACK:
            self._count()
            zero = turn - low
            rounds += 1
            after = heard.zero + high + rounds * (high - low)  # a sum would drift
            yield replace(heard, zero=zero, start=turn, end=min(heard.end, after))
            turn = after

    def _early(self, clip: Element, place: float, frame: Frame) -> float:
        """Tell where a clip begins: before its place where it is faded over from the one before."""
        rises = number(clip.attrib, "fadeInTime", 0.0)
        if rises >= 0.0:
            return place
        unit = unit_of(clip, "fadeTimeUnit", frame.unit)
        early = self._clock.turned(place, frame.unit, unit) + rises
        return self._clock.turned(early, unit, frame.unit)

    def _fade(self, clip: Element, unit: Unit, begin: float, end: float) -> Fade:
        counted = unit_of(clip, "fadeTimeUnit", unit)
        begin, end = (self._clock.turned(time, unit, counted) for time in (begin, end))
        rises = begin + abs(number(clip.attrib, "fadeInTime", 0.0))
        falls = end - abs(number(clip.attrib, "fadeOutTime", 0.0))
        begin, end, rises, falls = (
            self._clock.turned(time, counted, "seconds") for time in (begin, end, rises, falls)
        )
        return Fade(begin, end, rises - begin, 0.0 if math.isinf(end) else end - falls)

    def _warps(self, warps: Element, frame: Frame, depth: int) -> Iterator[Passage]:
        """Go on where content is only moved; where it is stretched too, say so."""
        content = next((child for child in warps if child.tag in _CONTENT), None)
        points = sorted(
            (number(one.attrib, "time"), number(one.attrib, "contentTime"))
            for one in warps.findall("Warp")
        )
        if content is None:
            return
        if len(points) < 2:
            raise Flaw(f"warps the clip {frame.clip!r} by fewer than two points; export it again.")
        unit = unit_of(warps, "contentTimeUnit", frame.unit)
        zeros = [
            self._clock.turned(frame.zero + time, frame.unit, unit) - within
            for time, within in points
        ]
        stretched = frame.stretched or max(zeros) - min(zeros) > STRETCH_SLACK
        inner = replace(frame.into(unit, self._clock), zero=zeros[0], stretched=stretched)
        yield from self.passages(content, inner, depth)


def unit_of(element: Element, name: str, usual: Unit) -> Unit:
    """Read in which unit an element counts, as one of its attributes says."""
    said = element.get(name, usual)
    if said == "beats":
        return "beats"
    if said == "seconds":
        return "seconds"
    raise Flaw(f"counts {name} in {said[:40]!r}; a DAWproject counts in beats or seconds.")
