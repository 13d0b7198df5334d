"""Whether a tool found the fault that was put into a good mix: what it says anew is compared.

Every tool's words are brought into one small form, `Finding`, and judged alike.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median

from bench.mix_faults import Truth

__all__ = ["ANSWERS", "TUNED", "Finding", "Findings", "Verdict", "false_faults", "fresh", "judge"]

WITHIN_DB = 2.0
WITHIN_OCTAVES = 1.0 / 3.0
WITHIN_MS = 0.1
SAME_OCTAVES = 1.0 / 6.0
SAME_DB = 1.0
SAME_SHARE = 0.2

ANSWERS: Mapping[str, frozenset[str]] = {
    "gain": frozenset({"gain"}),
    "resonance": frozenset({"resonance", "harshness", "boxiness", "eq"}),
    "harshness": frozenset({"harshness", "resonance", "eq"}),
    "boxiness": frozenset({"boxiness", "resonance", "eq"}),
    "masking": frozenset({"masking", "eq", "resonance", "boxiness", "harshness"}),
    "sibilance": frozenset({"sibilance", "de-esser"}),
    "polarity": frozenset({"polarity"}),
    "delay": frozenset({"delay"}),
    "mono_loss": frozenset({"mono_loss", "width", "polarity", "delay"}),
    "imbalance": frozenset({"imbalance", "pan"}),
    "dc": frozenset({"dc", "high-pass"}),
    "clipping": frozenset({"clipping"}),
    "over_compression": frozenset({"over_compression"}),
    "under_compression": frozenset({"under_compression", "compressor"}),
    "rumble": frozenset({"rumble", "high-pass"}),
    "hum": frozenset({"hum"}),
    "noise_floor": frozenset({"noise_floor", "gate"}),
    "dead": frozenset({"dead"}),
    "duplicate": frozenset({"duplicate"}),
}
"""Kinds of finding that answer a fault: its own, and moves that undo it."""

_ADDED = {"delay"}  # to what is there: what counts is by how much more or less
TUNED = ("resonance", "harshness", "boxiness")
_BROAD = {"harshness", "boxiness", "masking"}
BROAD_OCTAVES = 1.0  # a broad fault has no one frequency


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a tool says of a mix.

    Parameters
    ----------
    kind : str
        A kind of fault (`bench.mix_faults.FAULTS`), or a move where the tool names none:
        ``eq high-pass de-esser gate compressor width pan``.
    target : str
        Name of the stem that it is about.
    value : float
        How much, in `unit`: the milliseconds of a delay, the ratio of a compressor, the width.
    unit : str
        Of the value.
    freq_hz : float or None
        Where in the spectrum.
    gain_db : float or None
        What is to be done there, or to all of the stem: a cut is below 0.
    is_taste : bool
        Whether the tool says that it is no fault.
    """

    kind: str
    target: str
    value: float = 0.0
    unit: str = ""
    freq_hz: float | None = None
    gain_db: float | None = None
    is_taste: bool = False


Findings = Sequence[Finding]


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a tool did on one case.

    Parameters
    ----------
    truth : Truth
        What was to be found.
    found : bool
        Whether something new, of a kind that answers it, is said of the stem or its partner.
    cured : bool
        Whether what is to be done also undoes it: gain within 2 dB, frequency within a third of
        an octave, delay within 0.1 ms; where there is none of these, as `found`.
    octaves : float or None
        How far the frequency is off, above 0 where too high.
    error_db : float or None
        How far the gain is off, above 0 where too much is left.
    beside : int
        What else is new and said to be a fault: of other stems, or of another kind.
    """

    truth: Truth
    found: bool
    cured: bool
    octaves: float | None = None
    error_db: float | None = None
    beside: int = 0


def judge(clean: Findings, faulty: Findings, truth: Truth) -> Verdict:
    """Judge what a tool says of a mix with a fault.

    Parameters
    ----------
    clean : sequence of Finding
        What it says of the same mix without the fault: that does not count.
    faulty : sequence of Finding
        What it says of the mix with the fault.
    truth : Truth
        The fault.

    Returns
    -------
    Verdict
        Gains are judged by how they differ from those of the clean mix.
    """
    new = fresh(clean, faulty)
    about = {truth.stem, truth.other} - {""}
    answers = [one for one in new if one.kind in ANSWERS[truth.kind] and one.target in about]
    beside = sum(1 for one in new if one not in answers and not one.is_taste)
    if truth.kind == "gain":
        verdict = _of_gain(clean, faulty, truth)
    elif truth.freq_hz is not None and truth.gain_db is not None:
        verdict = _of_band(answers, truth)
    elif truth.kind == "delay":
        near = any(abs(abs(one.value) - truth.value) <= WITHIN_MS for one in answers)
        verdict = Verdict(truth, bool(answers), near)
    else:
        verdict = Verdict(truth, bool(answers), bool(answers))
    return replace(verdict, beside=beside)


def fresh(clean: Findings, faulty: Findings) -> list[Finding]:
    """List what is new, gains and delays as changes; what is said of the clean mix is left out."""
    left = list(clean)
    new = []
    for one in faulty:
        before = next((other for other in left if _same(one, other)), None)
        if before is None:
            new.append(one)
            continue
        left.remove(before)
        change = (one.gain_db or 0.0) - (before.gain_db or 0.0)
        moved = abs(one.value - before.value) > SAME_SHARE * max(abs(before.value), 1e-9)
        if abs(change) > SAME_DB or moved:
            value = one.value - before.value if one.kind in _ADDED else one.value
            new.append(replace(one, value=value, gain_db=None if one.gain_db is None else change))
    return new


def false_faults(clean: Findings) -> list[Finding]:
    """List what a tool says is wrong with a good mix."""
    return [one for one in clean if not one.is_taste]


def _same(one: Finding, other: Finding) -> bool:
    if (one.kind, one.target) != (other.kind, other.target):
        return False
    if one.freq_hz is None or other.freq_hz is None:
        return one.freq_hz is other.freq_hz
    return abs(math.log2(one.freq_hz / other.freq_hz)) <= SAME_OCTAVES


def _of_gain(clean: Findings, faulty: Findings, truth: Truth) -> Verdict:
    """Judge how much further the stem is moved than the others are.

    Where a stem is set wrong, all the others may be said to be moved: that is as good.
    """
    names = {one.target for one in (*clean, *faulty) if one.kind == "gain"} | {truth.stem}
    change = {name: _gain(faulty, name) - _gain(clean, name) for name in names}
    others = [moved for name, moved in change.items() if name not in {truth.stem, truth.other}]
    moved = change[truth.stem] - (median(others) if others else 0.0)
    error = moved + truth.value
    found = moved * truth.value < 0.0 and abs(moved) > abs(truth.value) / 2.0
    return Verdict(truth, found, found and abs(error) <= WITHIN_DB, error_db=error)


def _gain(findings: Iterable[Finding], name: str) -> float:
    return sum(one.gain_db or 0.0 for one in findings if (one.kind, one.target) == ("gain", name))


def _of_band(answers: Findings, truth: Truth) -> Verdict:
    """Judge the nearest cut; what is said without a frequency is found and not cured."""
    assert truth.freq_hz is not None
    assert truth.gain_db is not None
    cuts = {
        math.log2(one.freq_hz / truth.freq_hz): one.gain_db or 0.0
        for one in answers
        if one.freq_hz is not None
    }
    allowed = BROAD_OCTAVES if truth.kind in _BROAD else WITHIN_OCTAVES
    if not cuts:
        return Verdict(truth, bool(answers), truth.kind not in TUNED and bool(answers))
    octaves = min(cuts, key=abs)
    error = cuts[octaves] + truth.gain_db
    near = abs(octaves) <= allowed
    undone = near and abs(error) <= WITHIN_DB
    if truth.kind == "masking":  # room can be made in many ways
        undone = near and cuts[octaves] <= 0.0
    return Verdict(truth, near, undone, octaves, error)
