"""The report of a mix suggestion: one page of HTML that stands alone, in light and dark.

Nothing in it depends on when or where it is made: the same suggestion gives the same text.
"""

from __future__ import annotations

from collections.abc import Iterator

from assistant.mixing.console import MIX
from assistant.mixing.dialling import Dialled, dialled
from assistant.mixing.plan import Plan
from assistant.mixing.report_balance import balance_table
from assistant.mixing.report_findings import device_words, findings, setting_words, target_words
from assistant.mixing.report_spectra import spectra, sum_spectra
from assistant.mixing.report_style import STYLE, role_class
from assistant.mixing.report_told import Hidden, MixReport, TrackTold
from assistant.mixing.report_words import named, percent, reading, sentence
from assistant.mixing.role_names import Role
from assistant.reports.frame import frame, row, table
from assistant.reports.words import safe

__all__ = ["Hidden", "MixReport", "TrackTold", "page"]

UNSURE = 0.7  # a role that is less sure is to be looked at
_MOVE_HEADS = (("t", "track"), ("t", "plug-in"), ("t", "dial in"), ("t", "why"))
_ROLE_HEADS = (("t", "track"), ("t", "taken for"), ("", "sure"), ("t", "why"), ("t", "to override"))
_MEASURED_HEADS = (("t", "measured"), ("t", "before and after"))


def page(told: MixReport) -> str:
    """Write the report.

    Parameters
    ----------
    told : MixReport
        What it tells.

    Returns
    -------
    str
        HTML with its style and its drawings inside, below 400 kB for forty tracks; it asks for
        nothing from anywhere.
    """
    return frame(
        told.title,
        sentence(told.why),
        cards=_cards(told),
        style=STYLE,
        body=(
            *(findings(told.faults) if told.faults is not None else ()),
            *_moves(told),
            *_balance(told),
            *spectra(told),
            *sum_spectra(told),
            *_uncertain(told),
            *_measured(told),
        ),
    )


def _cards(told: MixReport) -> Iterator[tuple[str, str]]:
    counted = {"tracks": len(told.tracks)}
    if told.faults is not None:
        plan = Plan(tuple(told.faults))
        counted |= {"faults": len(plan.faults), "matters of taste": plan.matters}
    counted["knobs to turn"] = len(told.moves)
    for name, said in (counted | dict(told.facts)).items():
        yield name, safe(str(said))


def _moves(told: MixReport) -> Iterator[str]:
    yield "<section><h2>Moves</h2>"
    lines = dialled(told.moves)
    if lines:
        place = {one.name: n for n, one in enumerate(told.by_role())} | {MIX: len(told.tracks)}
        lines = tuple(sorted(lines, key=lambda line: place.get(line.target, len(told.tracks))))
        yield '<p class="soft">Track by track, as a channel strip goes from top to bottom.</p>'
        yield table("Moves", _MOVE_HEADS, _move_rows(lines))
    else:
        yield "<p>None: the mix is left as it is.</p>"
    yield "</section>"


def _move_rows(lines: tuple[Dialled, ...]) -> Iterator[str]:
    before = None
    for line in lines:
        name = target_words(line.target)
        again = line.target == before
        before = line.target
        cells = (
            ("r", device_words(line)),
            ("d", setting_words(line)),
            ("w", safe(sentence(line.why))),
        )
        yield row(f'<span class="again">{name}</span>' if again else name, cells)


def _balance(told: MixReport) -> Iterator[str]:
    yield "<section><h2>Balance</h2>"
    if told.tracks:
        yield (
            '<p class="soft">Covered is how much of its loudness the others take from a track, as'
            " it came and with the moves.</p>"
        )
        yield balance_table(told.by_role())
    else:
        yield "<p>There are no tracks.</p>"
    yield "</section>"


def _uncertain(told: MixReport) -> Iterator[str]:
    doubts = sum(one.confidence < UNSURE for one in told.faults or ())
    if not told.tracks and not doubts:
        return
    yield "<section><h2>What is not certain</h2>"
    if doubts:
        which = "One finding above is" if doubts == 1 else f"{doubts} findings above are"
        yield f"<p>{which} less than {percent(UNSURE)} sure: listen first.</p>"
    yield from _unsure_roles(told)
    yield "</section>"


def _unsure_roles(told: MixReport) -> Iterator[str]:
    unsure = [one for one in told.by_role() if one.confidence < UNSURE]
    if unsure:
        yield (
            f"<p>It is less than {percent(UNSURE)} sure what these tracks play. Where that is"
            " wrong, so is their place in the balance:</p>"
        )
        yield table("Roles", _ROLE_HEADS, map(_role_row, unsure))
    elif told.tracks:
        yield f"<p>It is at least {percent(UNSURE)} sure what each track plays.</p>"
    if told.tracks:
        roles = ", ".join(f"<code>{role.value}</code>" for role in Role)
        yield f'<p class="soft">Where a role is wrong, name it; there are {roles}.</p>'
        example = (unsure or told.by_role())[0]
        yield f"<pre><code>bandmate mix FOLDER {_override(example)}</code></pre>"


def _role_row(one: TrackTold) -> str:
    cells = (
        ("t", f'<span class="chip {role_class(one.role)}"></span>{safe(one.role.words)}'),
        ("", percent(one.confidence)),
        ("w", safe(sentence(one.role_why))),
        ("r", f"<code>{_override(one)}</code>"),
    )
    return row(named(one.name), cells)


def _override(one: TrackTold) -> str:
    """Say how to name a role, as a shell takes it; HTML."""
    said = f"{one.name}={one.role.value}"
    if any(letter in said for letter in '"$`\\!'):
        told = said.replace("'", "'\\''")
        return f"--roles &#x27;{safe(told)}&#x27;"
    return f"--roles &quot;{safe(said)}&quot;"


def _measured(told: MixReport) -> Iterator[str]:
    if told.measured:
        rows = [
            row(safe(name.replace("_", " ")), (("t", reading(one)),))
            for name, one in told.measured.items()
        ]
        yield f"<section><h2>Measured</h2>{table('Measured', _MEASURED_HEADS, rows)}</section>"
