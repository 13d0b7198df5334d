"""How a tool does on the cases of the mix bench, and what it says is wrong with good mixes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from bench.mix_cases import Case
from bench.mix_judging import (
    WITHIN_DB,
    WITHIN_OCTAVES,
    Finding,
    Findings,
    Verdict,
    false_faults,
    judge,
)
from bench.mix_peers import Tool

__all__ = ["OWN", "Scores", "score"]

OWN = "bandmate"


@dataclass(frozen=True)
class Scores:
    """How a tool did.

    Parameters
    ----------
    tool : str
        Its name.
    verdicts : tuple of Verdict
        One a case.
    clean : mapping of str to sequence of Finding
        What it says of each song without a fault, by the name of the song.
    """

    tool: str
    verdicts: tuple[Verdict, ...]
    clean: Mapping[str, Findings] = field(default_factory=dict)

    def of(self, *kinds: str) -> Scores:
        """Return what was scored of some kinds of fault."""
        kept = tuple(one for one in self.verdicts if one.truth.kind in kinds)
        return Scores(self.tool, kept, self.clean)

    @property
    def kinds(self) -> tuple[str, ...]:
        """Kinds of fault, in the order of the cases."""
        return tuple(dict.fromkeys(one.truth.kind for one in self.verdicts))

    @property
    def found(self) -> float:
        """Share of the faults that were found, in percent; NaN without cases, as all of these."""
        return _percent([one.found for one in self.verdicts])

    @property
    def cured(self) -> float:
        """Share of the faults that were also undone, in percent."""
        return _percent([one.cured for one in self.verdicts])

    @property
    def placed(self) -> float:
        """Share of those whose frequency is right within a third of an octave, in percent."""
        return _percent([_within(one.octaves, WITHIN_OCTAVES) for one in self.verdicts])

    @property
    def levelled(self) -> float:
        """Share of those whose gain is right within 2 dB, in percent."""
        return _percent([_within(one.error_db, WITHIN_DB) for one in self.verdicts])

    @property
    def beside(self) -> float:
        """How many faults more are told of a case, that nobody put there; the mean."""
        return _mean([float(one.beside) for one in self.verdicts])

    @property
    def false_faults(self) -> Mapping[str, Sequence[Finding]]:
        """What is said to be wrong with each song that is good: once, whatever it takes to cure."""
        return {
            song: list({(one.kind, one.target): one for one in false_faults(said)}.values())
            for song, said in self.clean.items()
        }


def score(name: str, tool: Tool, cases: Iterable[Case]) -> Scores:
    """Score a tool; each song is heard once without its fault.

    Parameters
    ----------
    name : str
        Of the tool.
    tool : callable
        Takes a session, returns findings.
    cases : iterable of Case
        Song by song.

    Returns
    -------
    Scores
        Of all of them.
    """
    clean: dict[str, Findings] = {}
    verdicts = []
    for case in cases:
        if case.song.name not in clean:
            clean[case.song.name] = tool(case.song.session)
        verdicts.append(judge(clean[case.song.name], tool(case.session), case.truth))
    return Scores(name, tuple(verdicts), clean)


def _within(value: float | None, limit: float) -> bool:
    return value is not None and abs(value) <= limit


def _percent(all_of_them: Sequence[bool]) -> float:
    return 100.0 * _mean([float(one) for one in all_of_them])


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else float("nan")
