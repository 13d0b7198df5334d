"""What was done to a take, in a musician's words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assistant.contract import Quantity
from assistant.denoising.asked import Asked
from assistant.denoising.findings import Finding
from assistant.denoising.listening import Listened
from assistant.denoising.ways import Way
from assistant.dsp.decibels import decibels

__all__ = ["clean_why", "done_of", "facts_of", "strengths_of", "why_of"]

PLACES = 3
"""Of a finding, that are told by their times; the report tells more."""

_DONE = {
    "clipping": "What was cut off at the top is made up",
    "clicks": "Clicks are mended, and what lies between them is as it was",
    "hum": "The hum is followed and subtracted; notes at its pitch stay",
    "sibilance": "Each sharp s is turned down to where it does not stand out",
    "plosives": "Bursts of air are turned down under the voice",
}
_SHARES = {
    "clipping": "declip", "clicks": "declick", "hum": "dehum", "sibilance": "deess",
    "plosives": "deplosive", "reverberation": "dereverb",
}  # fmt: skip
_ROUTES = {
    "speech": "by a net that knows voices and its print",
    "singing": "by its print, where a net that knows voices helps to tell",
    "instrument": "by its print, as music",
}

_SOURCES = {
    "given": "the sound that was given",
    "range": "the marked pause",
    "pauses": "its pauses",
}


def clean_why(heard: Listened) -> str:
    """Say why nothing was done."""
    told = " ".join((*map(_told, heard.findings), *heard.notes))
    stays = "Nothing is taken away: the take stays as it is, sample for sample."
    return f"{stays} {told}".strip()


def why_of(heard: Listened, way: Way, asked: Asked, measured: Mapping[str, Quantity]) -> str:
    """Say what was found, how far one way goes, and what it leaves."""
    found = " ".join(map(_told, heard.findings))
    goes = f"{_down(heard, way, asked)} {way.words}" if heard.has_ways else ""
    kept = measured["loud_parts"]
    change = (kept.after or 0.0) - (kept.before or 0.0)
    stays = f" The loud parts stay within {max(0.1, abs(change)):.1f} dB."
    notes = "".join(f" {note}" for note in heard.notes)
    return f"{found}{goes}{stays}{notes}"


def strengths_of(heard: Listened) -> dict[str, Quantity]:
    """List how strong each fault was."""
    return {one.kind: Quantity(one.strength, None, one.unit) for one in heard.findings}


def _told(one: Finding) -> str:
    """Say what was found, where, and how sure that is."""
    sure = f"{one.where(PLACES)}; {100.0 * one.confidence:.0f} % sure"
    return f"{one.why.removesuffix('.')} ({sure})."


def _down(heard: Listened, way: Way, asked: Asked) -> str:
    """Say by how many decibels noise goes down, where any was told apart."""
    if heard.taken is None:
        return ""
    left = 1.0 - way.share(asked.down_db(heard.usual_db)) * asked.amount
    return f" The noise goes down by {-decibels(left):.0f} dB."


def done_of(heard: Listened, way: Way, asked: Asked) -> Sequence[str]:
    """List what was done, each with how far."""
    told = []
    for one in heard.findings:
        name = _SHARES.get(one.kind)
        if name is None or not asked.shares[name]:
            continue
        share = asked.amount * asked.shares[name]
        if one.kind in ("sibilance", "plosives", "reverberation"):
            share *= way.shaping
        words = _DONE.get(one.kind, "What the room adds is taken out")
        told.append(f"{words}, {100.0 * share:.0f} % of the way.")
    if heard.taken is not None:
        down = way.share(asked.down_db(heard.usual_db)) * asked.amount
        told.append(
            f"{100.0 * down:.0f} % of the noise is taken away, {_ROUTES[heard.taken.route]}."
        )
    return told


def facts_of(heard: Listened) -> dict[str, str]:
    """List what the take was taken for."""
    told = {"taken for": heard.heard.name, "because": heard.heard.why}
    if heard.print is not None:
        told["print"] = f"{heard.print.seconds:.1f} s, from {_SOURCES[heard.print.how]}"
    return told
