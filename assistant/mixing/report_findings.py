"""What was found in a mix, on cards: faults first, and matters of taste apart from them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assistant.contract import Quantity
from assistant.mixing.console import MIX
from assistant.mixing.dialling import Dialled, dialled
from assistant.mixing.fault import Fault
from assistant.mixing.report_words import UNTOLD_UNITS, named, percent, reading, sentence
from assistant.reports.words import safe

__all__ = ["device_words", "findings", "setting_words", "target_words"]


def findings(faults: Sequence[Fault]) -> Iterator[str]:
    """Tell faults, and tastes after them.

    Parameters
    ----------
    faults : sequence of Fault
        In order of rank, both mixed.

    Yields
    ------
    str
        Two sections; where there is nothing to tell, they say so.
    """
    wrong = [one for one in faults if not one.is_taste]
    tastes = [one for one in faults if one.is_taste]
    yield "<section><h2>Faults</h2>"
    if wrong:
        yield '<p class="soft">Errors of recording or level, what matters most first.</p>'
        yield _cards(wrong, "fault")
    else:
        yield "<p>No fault was found: nothing here is an error of recording or level.</p>"
    yield "</section><section><h2>Matters of taste</h2>"
    if tastes:
        together = " All faders together are one of them, a balance." if _several(tastes) else ""
        yield f'<p class="soft">No errors: leave as it is what is meant so.{together}</p>'
        yield _cards(tastes, "taste")
    else:
        yield "<p>Nothing stands out.</p>"
    yield "</section>"


def target_words(target: str) -> str:
    """Name what a move is for; HTML."""
    return "the mix" if target == MIX else named(target)


def device_words(line: Dialled) -> str:
    """Name a plug-in, and what it is for; HTML."""
    what_for = f' <span class="soft">({named(line.what_for)})</span>' if line.what_for else ""
    return named(line.device) + what_for


def setting_words(line: Dialled) -> str:
    """Say what a plug-in is set to, number and unit on one line; HTML."""
    parts = (f'<span class="n">{safe(part)}</span>' for part in line.setting.split(", "))
    return f"<b>{', '.join(parts)}</b>"


def _cards(found: Sequence[Fault], mark: str) -> str:
    cards = "".join(_card(one, n, mark) for one, n in zip(found, _numbers_of(found), strict=True))
    return f'<div class="findings">{cards}</div>'


def _numbers_of(found: Sequence[Fault]) -> Iterator[int]:
    """Count them as the title does: faders that are a matter of taste have one number."""
    count, balance = 0, 0
    for one in found:
        is_fader = one.is_taste and one.kind == "gain"
        if not (is_fader and balance):
            count += 1
            balance = count if is_fader else balance
        yield balance if is_fader else count


def _several(tastes: Sequence[Fault]) -> bool:
    return sum(one.kind == "gain" for one in tastes) > 1


def _card(one: Fault, number: int, mark: str) -> str:
    kind = one.kind_words
    targets = ", ".join(map(target_words, one.targets))
    return (
        f'<article class="finding {mark}"><h3><span class="tag">{mark} {number}</span>'
        f"{safe(kind)}: {targets}</h3>{_numbers(one)}<p>{safe(sentence(one.why))}</p>"
        f"<dl><dt>listen for</dt><dd>{safe(sentence(one.listen_for))}</dd>"
        f"<dt>what to do</dt><dd>{_to_do(one)}</dd>{_evidence(one)}</dl></article>\n"
    )


def _numbers(one: Fault) -> str:
    size = [("size", reading(Quantity(one.value, None, one.unit)))] if one.unit else []
    told = (
        *size,
        ("weighs", percent(one.severity)),
        ("sure", percent(one.confidence)),
    )
    items = "".join(f"<li>{name} <b>{said}</b></li>" for name, said in told)
    return f'<ul class="facts">{items}</ul>'


def _to_do(one: Fault) -> str:
    lines = dialled(one.moves)
    if not lines:
        return "Nothing on the console cures it: it wants an edit, or another take."
    items = "".join(
        f"<li>{target_words(line.target)}: {device_words(line)} {setting_words(line)}</li>"
        for line in lines
    )
    return f'<ul class="dial">{items}</ul>'


def _evidence(one: Fault) -> str:
    told = {name: read for name, read in one.evidence.items() if read.unit not in UNTOLD_UNITS}
    if not told:
        return ""
    items = "".join(
        f"<li>{safe(name)} <b>{reading(Quantity(read.value, None, read.unit))}</b></li>"
        for name, read in told.items()
    )
    return f'<dt>measured</dt><dd><ul class="facts">{items}</ul></dd>'
