"""The suggestions for a mix: what was found, a way toward a reference, and starting mixes."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from itertools import islice

from assistant.contract import Context, Progress, Quantity, Suggestion, telling
from assistant.dsp.gain import with_gain
from assistant.dsp.moments import MOMENTS_PER_SECOND, moments
from assistant.errors import MaterialError
from assistant.material import Material, Session
from assistant.mixing.amount import scaled
from assistant.mixing.asked import Asked, roles_said
from assistant.mixing.balance import load_balance
from assistant.mixing.drawn import report_of
from assistant.mixing.finding import Ground
from assistant.mixing.listening import Listened, listen
from assistant.mixing.measuring import measured_of, sides_of
from assistant.mixing.proof import still_found
from assistant.mixing.reference_heard import hear_reference
from assistant.mixing.rendering import Rendering, render
from assistant.mixing.role_names import RoleNames
from assistant.mixing.stem_names import apart_from_the_mix
from assistant.mixing.way import Way
from assistant.mixing.ways import BALANCE, ways_of
from assistant.models.bell_net import BellNet
from assistant.moves import Move
from assistant.steps import part

__all__ = ["proposals"]

_REFERENCE = 0.05  # of the work: what is done once it is heard
_LISTENED = 0.6  # of the work: what is done once all is heard
_WEIGHED = 0.3  # of a suggestion: what is done once its moves are known


def proposals(session: Session, asked: Asked, context: Context) -> Iterator[Progress | Suggestion]:
    """Propose mixes of a session.

    Parameters
    ----------
    session : Session
        Finite. May be memory-mapped.
    asked : Asked
        What is asked.
    context : Context
        Shelf, scratch, count, and whether a report is wanted.

    Yields
    ------
    Progress or Suggestion
        What was found first; then what comes nearer to the reference, where there is one, and the
        starting mixes.
    """
    _check_length(session)
    apart, called = apart_from_the_mix(session)
    said = roles_said(asked.roles, list(called))
    names = RoleNames(context.shelf("roles/names"))
    reference = None
    if asked.reference is not None:  # first, so that one that teaches nothing is told at once
        hearing = hear_reference(asked.reference, names, context.scratch)
        reference = yield from telling(hearing, "listening to the reference", 0.0, _REFERENCE)
    known = yield from listen(
        apart,
        names,
        {called[name]: role for name, role in said.items()},
        load_balance(context.shelf, BALANCE),
        BellNet(context.weights("bells")),
        _LISTENED,
        context.scratch,
    )
    share = (1.0 - _LISTENED) / min(context.count, asked.ways)
    ways, compared = ways_of(known, asked, reference, context), set[float]()
    for n, work in enumerate(islice(ways, context.count)):
        begun = _LISTENED + n * share
        way = yield from telling(work, "weighing moves", begun, _WEIGHED * share)
        rest = _suggested(known, way, asked, compared, context)
        doing = f"rendering: {'what was found' if way.is_mending else way.title.lower()}"
        made = yield from telling(rest, doing, begun + _WEIGHED * share, (1.0 - _WEIGHED) * share)
        yield made


def _check_length(session: Session) -> None:
    """Refuse what is over before anything can be heard in it."""
    longest = max((stem.audio.frames / stem.audio.rate for stem in session.stems), default=1.0)
    if longest < 1.0 / MOMENTS_PER_SECOND:
        raise MaterialError(
            f"The longest of these stems lasts {longest:.2g} s; a mix of"
            f" {1.0 / MOMENTS_PER_SECOND:g} s or more is listened to."
        )


def _suggested(
    known: Listened, way: Way, asked: Asked, compared: set[float], context: Context
) -> Generator[float, None, Suggestion]:
    """Render a way to mix, measure it, and put it into a suggestion."""
    moves, ground = tuple(scaled(way.moves, asked.amount)), known.ground
    work = render(
        known.session, moves, context.scratch,
        tracks=asked.stems, plain=ground.plain, matched=True,
    )  # fmt: skip
    made = yield from part(work, 0.0, 0.7)
    bands = yield from part(moments(made.mix.audio), 0.7, 0.1)
    sides = sides_of(ground, bands, moves)
    measured = {**measured_of(ground, made, sides), **way.measured}
    if way.is_mending:
        measured |= yield from part(_proof(ground, way, moves, context), 0.8, 0.2)
    material = _material(made, asked, compared, context)
    if context.report:
        material["report"] = report_of(ground, way, moves, sides, measured)
    return Suggestion(way.title, way.why, material, moves, (), measured, way.confidence)


def _proof(
    ground: Ground, way: Way, moves: tuple[Move, ...], context: Context
) -> Generator[float, None, dict[str, Quantity]]:
    """Count what is wrong before and after: what the moves do not mend is found again."""
    wrong = [one for one in way.told if not one.is_taste]
    if not wrong:
        return {"faults": Quantity(0.0, 0.0, "")}
    left = yield from still_found(ground, wrong, moves, context.scratch)
    still = sum(not one.is_taste for one in left)
    return {"faults": Quantity(float(len(wrong)), float(still), "")}


def _material(
    made: Rendering, asked: Asked, compared: set[float], context: Context
) -> dict[str, Material | str]:
    """Make files of a rendering; the plain sum is not written again at a gain that it has had."""
    material: dict[str, Material | str] = {"main": made.mix.audio}
    plain_db = round(made.matching_db[1], 2) + 0.0  # finer than anybody hears
    if asked.compare and plain_db not in compared:
        compared.add(plain_db)
        material["compare"] = with_gain(made.plain.audio, plain_db, context.scratch)
    return material | {f"stem.{stem.name}": stem.audio for stem in made.tracks}
