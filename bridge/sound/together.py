"""Sounds that make one song: at one rate, and each where its file says that it belongs.

A broadcast WAV carries a time reference: the frame, since midnight or since the beginning of the
session, at which it was recorded. Where all files of a song have one, how these differ is how the
files lie to each other. Where one has none there is nothing to lay it against, and where long
nothing sounds between two they are takes of different hours; so all begin together then, and the
musician is told, for the song may be out of step.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from assistant.material import Audio, Samples, Session, Stem
from assistant.steps import part
from bridge.names import listed
from bridge.sound.bext import Bext
from bridge.sound.tags import NO_TAGS, Tags

__all__ = ["Song", "common_rate", "together"]

MAX_GAP_SECONDS = 600  # where nothing sounds for longer it is a wrong clock, or another song
ROUNDING_SECONDS = 1e-3  # more than a frame at any rate


@dataclass(frozen=True, eq=False)
class Song:
    """Sounds laid together.

    Parameters
    ----------
    session : Session
        At one rate, each sound at its place.
    tags : Tags
        Of what begins where the song does: when that is, where it is known.
    stem_tags : mapping of str to Tags
        What each file says besides its sound, as it is true of a sound from the beginning of the
        song on.
    remarks : tuple of str
        What was done to the sounds, or could not be: a sentence each, for the musician.
    """

    session: Session
    tags: Tags
    stem_tags: Mapping[str, Tags]
    remarks: tuple[str, ...]


def together(
    sounds: Mapping[str, Audio],
    said: Mapping[str, Tags],
    scratch: Callable[[tuple[int, ...]], Samples],
) -> Generator[float, None, Song]:
    """Lay sounds together.

    Parameters
    ----------
    sounds : mapping of str to Audio
        One at least, by the names of their files.
    said : mapping of str to Tags
        What these say, by the same names.
    scratch : callable
        Makes the arrays for sounds that have to be converted.

    Yields
    ------
    float
        Share that is done.

    Returns
    -------
    Song
        In the same order. A converted sound has the rate of `common_rate`.
    """
    rate = common_rate([audio.rate for audio in sounds.values()])
    starts, remark = _starts(sounds, said)
    alike = yield from _converted(sounds, rate, scratch)
    stems = [Stem(name, audio, round(starts[name] * rate)) for name, audio in alike.items()]
    tags = {name: _from_the_start(said[name], sounds[name], starts[name]) for name in sounds}
    remarks = [one for one in (_conversion(sounds, rate), remark) if one]
    return Song(Session(tuple(stems)), _beginning(tags), tags, tuple(remarks))


def common_rate(rates_hz: Sequence[int]) -> int:
    """Choose the rate that most sounds have; the highest where several are as common.

    Parameters
    ----------
    rates_hz : sequence of int
        One at least.

    Returns
    -------
    int
        In Hz.
    """
    counts = Counter(rates_hz)
    return max(counts, key=lambda rate: (counts[rate], rate))


def _converted(
    sounds: Mapping[str, Audio], rate: int, scratch: Callable[[tuple[int, ...]], Samples]
) -> Generator[float, None, dict[str, Audio]]:
    from assistant.dsp.resampling import resample

    wanted = [name for name, audio in sounds.items() if audio.rate != rate]
    made = dict(sounds)
    for done, name in enumerate(wanted):
        work = resample(sounds[name], rate, scratch)
        made[name] = yield from part(work, done / len(wanted), 1.0 / len(wanted))
    return made


def _conversion(sounds: Mapping[str, Audio], rate: int) -> str:
    others = [f"{name} ({one.rate:,} Hz)" for name, one in sounds.items() if one.rate != rate]
    return f"Converted to {rate:,} Hz, the rate of most stems: {listed(others)}." if others else ""


def _starts(
    sounds: Mapping[str, Audio], said: Mapping[str, Tags]
) -> tuple[dict[str, Fraction], str]:
    """Tell when each sound starts, in seconds of the song, and what is to be said of it."""
    begins = {
        name: Fraction(tags.bext.frame, tags.rate) for name, tags in said.items() if tags.bext
    }
    at_once = dict.fromkeys(said, Fraction(0))
    if len(begins) < len(said):
        missing = listed([name for name in said if name not in begins])
        told = any(begins.values())  # zero is what is written where nobody knows
        return at_once, f"All stems start together: no time reference in {missing}." if told else ""
    ends = {name: begins[name] + Fraction(one.frames, one.rate) for name, one in sounds.items()}
    before, after, gap = _widest_gap(begins, ends)
    if gap > MAX_GAP_SECONDS:
        return at_once, (
            f"All stems start together: the time references of {before} and {after} lie"
            f" {_long(gap)} apart, in which no stem sounds; in one song there is no such gap."
        )
    first, last = min(begins, key=begins.__getitem__), max(begins, key=begins.__getitem__)
    apart = begins[last] - begins[first]
    starts = {name: begin - begins[first] for name, begin in begins.items()}
    placed = f"Stems lie where their time references say: {last} starts {float(apart):.2f} s in."
    return starts, placed if apart else ""


def _widest_gap(
    begins: Mapping[str, Fraction], ends: Mapping[str, Fraction]
) -> tuple[str, str, Fraction]:
    """Find where nothing sounds for longest: between which two, and for how many seconds."""
    order = sorted(begins, key=begins.__getitem__)
    latest = before = after = order[0]
    widest = Fraction(0)
    for name in order[1:]:
        gap = begins[name] - ends[latest]
        if gap > widest:
            before, after, widest = latest, name, gap
        latest = max(latest, name, key=ends.__getitem__)
    return before, after, widest


def _long(seconds: Fraction) -> str:
    minutes = float(seconds / 60)
    return f"{minutes:,.0f} minutes" if minutes < 120.0 else f"{minutes / 60.0:,.0f} hours"


def _from_the_start(tags: Tags, audio: Audio, start: Fraction) -> Tags:
    """Let what a file says be true of a sound that begins as much sooner."""
    before = round(start * audio.rate)
    return tags.cut(-before, before + audio.frames) if before else tags


def _beginning(tags: Mapping[str, Tags]) -> Tags:
    """Tell when the song begins, where all of its files agree on that."""
    said = [Tags(one.rate, Bext(frame=one.bext.frame)) for one in tags.values() if one.bext]
    begins = [Fraction(one.bext.frame, one.rate) for one in said if one.bext]
    if len(said) < len(tags) or max(begins) - min(begins) > ROUNDING_SECONDS:
        return NO_TAGS
    return said[0]
