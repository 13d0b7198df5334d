"""Words of a prompt with their weight, and what "not" makes of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.errors import SettingError
from assistant.theory.prompt.understanding import Sense, Term
from assistant.theory.prompt.vocabulary import Meaning, Vocabulary

__all__ = ["Said", "only", "pace_of", "say", "wanted"]

_NOT, _NOT_AFTER, _VERY, _SLIGHTLY = "not", "not after", "very", "slightly"
_WEIGHTS = {_VERY: 1.6, _SLIGHTLY: 0.5}
_EVEN = 1.0  # of a pace
_OPPOSITES = {
    ("colour", "sevenths"): "triads", ("colour", "ninths"): "triads",
    ("colour", "triads"): "sevenths", ("mode", "major"): "minor", ("mode", "minor"): "major",
    ("pace", "very slow"): "medium", ("pace", "slow"): "medium", ("pace", "fast"): "medium",
    ("pace", "very fast"): "medium", ("surprise", "more"): "less", ("surprise", "less"): "more",
    ("articulation", "staccato"): "legato", ("articulation", "legato"): "staccato",
}  # fmt: skip
_ONE_OR_NONE = frozenset({"style", "mode", "meter", "colour", "instrument", "pace"})


@dataclass(frozen=True, slots=True)
class Said:
    """A word of the prompt.

    Parameters
    ----------
    word : str
        As it stands in the prompt.
    sense : Sense
        What it was taken to mean.
    weight : float
        1.0; more after "very", less after "slightly", below 0 after "not".
    """

    word: str
    sense: Sense
    weight: float

    @property
    def meaning(self) -> Meaning:
        """What it stands for, without "not"."""
        return self.sense.meaning

    @property
    def opposite(self) -> Meaning | None:
        """What is asked for by "not", where there is one opposite: triads by "no sevenths"."""
        if self.weight > 0:
            return None
        name = _OPPOSITES.get((self.meaning.group, self.meaning.name))
        return Meaning(self.meaning.group, name) if name else None

    @property
    def wanted(self) -> Meaning | None:
        """What is asked for; None where it only says what is not."""
        return self.meaning if self.weight > 0 else self.opposite


def say(terms: Sequence[Term]) -> list[Said]:
    """Walk through the words; "not" and "very" weigh the next one, or the one before.

    Parameters
    ----------
    terms : sequence of Term
        In the order of the prompt; only those with one sense are heard.

    Returns
    -------
    list of Said
        Without the words that only weigh others.

    Raises
    ------
    SettingError
        Where the same is wanted and not wanted.
    """
    said = list(_weighed(terms))
    for one in said:
        for other in said:
            same = one.meaning == other.meaning and one.meaning.group in _ONE_OR_NONE
            if same and one.weight > 0 > other.weight:
                name = one.meaning.name
                raise SettingError(
                    f"prompt asks for {name} ({one.word!r}) and for no {name}; say one of them."
                )
    return said


def _weighed(terms: Sequence[Term]) -> Iterator[Said]:
    weight = 1.0
    last: Said | None = None
    for sense, word in ((term.senses[0], term.word) for term in terms if len(term.senses) == 1):
        if sense.meaning.group != "grammar":
            if last:
                yield last
            last, weight = Said(word, sense, weight), 1.0
        elif sense.meaning.name == _NOT_AFTER:
            last = replace(last, weight=-abs(last.weight)) if last else None
        elif sense.meaning.name == _NOT:
            weight = -abs(weight)
        else:
            weight *= _WEIGHTS.get(sense.meaning.name, 1.0)
    if last:
        yield last


def wanted(said: Sequence[Said], group: str) -> list[str]:
    """List the names of a group that are asked for."""
    meanings = (each.wanted for each in said)
    return [meaning.name for meaning in meanings if meaning and meaning.group == group]


def only(said: Sequence[Said], group: str) -> str | None:
    """Find the one name of a group that is asked for.

    Raises
    ------
    SettingError
        Where there are two.
    """
    names = dict.fromkeys(wanted(said, group))
    if len(names) > 1:
        seen = " and ".join(repr(name) for name in names)
        raise SettingError(f"prompt asks for {seen}; it takes one {group}.")
    return next(iter(names), None)


def pace_of(said: Sequence[Said], vocabulary: Vocabulary) -> float:
    """Find the pace that is asked for: what to multiply the tempo by.

    Raises
    ------
    SettingError
        Where it should be slow and fast.
    """
    paces = {name: vocabulary.paces[name] for name in wanted(said, "pace")}
    moved = {name: pace for name, pace in paces.items() if pace != _EVEN}
    if len({pace > _EVEN for pace in moved.values()}) > 1:
        seen = " and ".join(repr(name) for name in moved)
        raise SettingError(f"prompt asks for {seen}; it takes one pace.")
    return max(moved.values(), key=lambda pace: abs(pace - _EVEN), default=_EVEN)
