"""Faults between tracks that hold the same source: upside down, late, or there twice.

Only sound that is the same counts: kick and bass that fall together, or a part played twice, are
two sources, whatever their phases. Where several microphones belong together, the likest pairs
connect them, so that what each has to be moved by does not contradict itself.
"""

from __future__ import annotations

import math
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant.dsp.alignment import Alignment, alignments
from assistant.material import Stem
from assistant.mixing.fault import Fault, Reading
from assistant.mixing.heard import Heard
from assistant.moves import Move

__all__ = ["find_relations"]

DISTINCT = 1.6  # peak over the next one; of two sources up to 1.3, of two microphones from 1.7
EVIDENT = 4.0  # standard deviations; chance among forty tracks stays under it
SAME = 0.995  # correlation of a copy: what differs is 20 dB down
SAME_LEVELS = 0.97
COMBED = 0.5  # share of the sound that a delay turns into a comb; of a room microphone it is less
SHORTEST_MS, LONGEST_MS = 0.1, 20.0
APART_DB = 12.0  # of left against right: two copies so far apart are wide on purpose


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a track lies against the first of its family, and which way up."""

    lag_frames: int
    sign: int
    link: Alignment | None


def find_relations(
    stems: Sequence[Stem], heard: Sequence[Heard]
) -> Generator[float, None, tuple[Fault, ...]]:
    """Find what is wrong between the tracks of a session.

    Parameters
    ----------
    stems : sequence of Stem
        At one rate, finite.
    heard : sequence of Heard
        What was heard of each, in their order.

    Yields
    ------
    float
        Share that is done.

    Returns
    -------
    tuple of Fault
        Of the kinds ``"polarity"``, ``"delay"`` and ``"duplicate"``.
    """
    used = [n for n, one in enumerate(heard) if not one.silent]
    sounds = [stems[n].audio for n in used]
    found = yield from alignments(sounds, [stems[n].start for n in used])
    related = [one for one in found if _related(one)]
    family = _Family([stems[n] for n in used], [heard[n] for n in used])
    return (
        *_told_once(family.duplicates(related)),
        *family.polarity(related),
        *family.delays(related),
    )


def _related(one: Alignment) -> bool:
    return one.distinctness >= DISTINCT and one.evidence >= EVIDENT


def _copied(one: Alignment) -> bool:
    return one.sameness >= SAME and one.together >= SAME_LEVELS


def _comb(one: Alignment) -> float:
    """Tell which share of the sum of both is theirs together: what polarity and delay act on."""
    return one.sameness / math.cosh(one.level_db * math.log(10.0) / 20.0)


def _sureness(one: Alignment) -> float:
    return min(0.99, 0.5 + 0.25 * (one.distinctness - 1.0))


def _readings(one: Alignment, rate: int) -> dict[str, Reading]:
    return {
        "likeness": Reading(one.likeness, ""),
        "peak over the next": Reading(one.distinctness, ""),
        "in common": Reading(_comb(one), ""),
        "later by": Reading(1000.0 * one.lag_frames / rate, "ms"),
        "level": Reading(one.level_db, "dB"),
    }


class _Family:
    """The tracks that sound, and what is wrong between those that are related."""

    def __init__(self, stems: Sequence[Stem], heard: Sequence[Heard]) -> None:
        self._names = [stem.name for stem in stems]
        self._heard = heard
        self._rate = stems[0].audio.rate if stems else 1

    def duplicates(self, related: Sequence[Alignment]) -> Iterator[Fault]:
        """Tell which tracks are copies of others."""
        for one in filter(_copied, related):
            first, second = self._names[one.first], self._names[one.second]
            ms = self._ms(one.lag_frames)
            left, right = (self._heard[n].balance_db for n in (one.first, one.second))
            wanted = abs(ms) > LONGEST_MS or (ms != 0.0 and abs(left - right) > APART_DB)
            if one.level_db > 0.0:
                first, second = second, first
            why = f"{second} is the same sound as {first}" + self._moved(one)
            yield Fault(
                "duplicate",
                (second, first),
                severity=0.2 if wanted else 0.7,
                value=one.level_db if second == self._names[one.second] else -one.level_db,
                unit="dB",
                confidence=0.95,
                why=why,
                listen_for=f"mute {second}: nothing but the level, or an echo, may be missing",
                is_taste=wanted,
                evidence=_readings(one, self._rate) | {"same": Reading(one.sameness, "")},
                moves=(Move(second, "mute", 1.0, why),),
            )

    def polarity(self, related: Sequence[Alignment]) -> Iterator[Fault]:
        """Tell which tracks are upside down: the fewer of a family, and of two the softer."""
        near = [one for one in related if abs(self._ms(one.lag_frames)) <= LONGEST_MS]
        for places in _families(near):
            for n in self._flipped(places):
                yield self._upside_down(_best(near, n), n)

    def delays(self, related: Sequence[Alignment]) -> Iterator[Fault]:
        """Tell which families are apart in time; the earlier ones can wait for the latest."""
        near = [
            one
            for one in related
            if not _copied(one) and abs(self._ms(one.lag_frames)) <= LONGEST_MS
        ]
        waited: dict[int, int] = {}  # frames, once the faults are cured
        for places in _families([one for one in near if _comb(one) >= COMBED]):
            yield from self._late(places, waited, is_taste=False)
            latest = max(one.lag_frames for one in places.values())
            waited |= {n: latest - one.lag_frames for n, one in places.items()}
        for places in _families(near):
            yield from self._late(places, waited, is_taste=True)

    def _ms(self, frames: int) -> float:
        return 1000.0 * frames / self._rate

    def _moved(self, one: Alignment) -> str:
        parts = [f", {abs(one.level_db):.1f} dB softer" if abs(one.level_db) >= 0.05 else ""]
        ms = abs(self._ms(one.lag_frames))
        parts.append(f", {ms:.2f} ms apart" if one.lag_frames else "")
        parts.append(", and upside down: what both hold goes missing" if one.sign < 0 else "")
        return "".join(parts) + "."

    def _flipped(self, places: Mapping[int, _Place]) -> list[int]:
        sides = {sign: [n for n in places if places[n].sign == sign] for sign in (1, -1)}

        def standing(sign: int) -> tuple[int, float]:
            return len(sides[sign]), max((self._heard[n].loudness for n in sides[sign]), default=0)

        return sides[min((1, -1), key=standing)] if sides[-1] else []

    def _upside_down(self, link: Alignment, n: int) -> Fault:
        other = link.second if link.first == n else link.first
        name, partner = self._names[n], self._names[other]
        share = _comb(link)
        apart = f", {abs(self._ms(link.lag_frames)):.2f} ms apart" if link.lag_frames else ""
        how = "but upside down" if link.sign < 0 else "which is upside down too"
        why = (
            f"{name} holds the same sound as {partner}{apart}, {how}: {share:.0%} of what such two"
            " make together is taken away instead of added."
        )
        return Fault(
            "polarity",
            (name, partner),
            severity=min(1.0, 0.4 + 0.6 * share),
            value=share,
            unit="",
            confidence=_sureness(link),
            why=why,
            listen_for=f"play {name} and {partner} in mono: flipped, the low end comes back",
            evidence=_readings(link, self._rate),
            moves=(Move(name, "polarity", -1.0, why, "change"),),
        )

    def _late(
        self, places: Mapping[int, _Place], waited: Mapping[int, int], *, is_taste: bool
    ) -> Iterator[Fault]:
        lags = {n: one.lag_frames + waited.get(n, 0) for n, one in places.items()}
        latest = max(lags, key=lambda n: lags[n])
        waits = {n: self._ms(lags[latest] - lag) for n, lag in lags.items()}
        early = sorted((n for n in waits if waits[n] >= SHORTEST_MS), key=lambda n: -waits[n])
        if not early or waits[early[0]] > LONGEST_MS:
            return
        links = [one.link for one in places.values() if one.link is not None]
        link = min(links, key=lambda one: one.distinctness)
        share, longest = max(_comb(one) for one in links), waits[early[0]]
        notch_hz = 500.0 / longest
        behind = self._names[latest]
        apart = " and ".join(f"{self._names[n]} by {waits[n]:.2f} ms" for n in early)
        why = (
            f"{behind} hears the same source later than {apart}; summed, that is a comb whose"
            f" first notch lies at {notch_hz:.0f} Hz."
        )
        moves = [Move(self._names[n], "delay_ms", waits[n], why, "change") for n in early]
        yield Fault(
            "delay",
            (*(self._names[n] for n in early), behind),
            severity=0.2 if is_taste else min(1.0, 0.2 + 0.5 * share),
            value=longest,
            unit="ms",
            confidence=_sureness(link),
            why=why,
            listen_for="in mono, a hollow sound that fills when they are in line"
            + ("; what is lost is the depth of the room" if is_taste else ""),
            is_taste=is_taste,
            evidence=_readings(link, self._rate) | {"first notch": Reading(notch_hz, "Hz")},
            moves=tuple(moves),
        )


def _told_once(copies: Iterable[Fault]) -> tuple[Fault, ...]:
    """Tell each copy once: of several like it, beside the one that stays."""
    found = list(copies)
    muted = {one.targets[0] for one in found if not one.is_taste}
    once: dict[str, Fault] = {}
    for one in sorted(found, key=lambda one: (one.is_taste, one.targets[1] in muted)):
        once.setdefault(one.targets[0], one)
    return tuple(once.values())


def _best(related: Sequence[Alignment], n: int) -> Alignment:
    """Find the likest partner of a track, one that it opposes where there is one."""
    links = [one for one in related if n in {one.first, one.second}]
    return max(links, key=lambda one: (one.sign < 0, one.sameness))


def _families(related: Sequence[Alignment]) -> list[dict[int, _Place]]:
    """Put related tracks together, the likest first: a tree, so that nothing is said twice."""
    families: list[dict[int, _Place]] = []
    for link in sorted(related, key=lambda one: -one.sameness):
        first, second = (
            next((one for one in families if n in one), None) for n in (link.first, link.second)
        )
        if first is not None and first is second:
            continue
        joined = first if first is not None else {link.first: _Place(0, 1, None)}
        added = second if second is not None else {link.second: _Place(0, 1, None)}
        here, there = joined[link.first], added[link.second]
        sign = here.sign * link.sign * there.sign
        lag = here.lag_frames + link.lag_frames - there.lag_frames
        for n, one in added.items():
            via = link if n == link.second else one.link
            joined[n] = _Place(one.lag_frames + lag, one.sign * sign, via)
        families = [one for one in families if one is not first and one is not second]
        families.append(joined)
    return families
