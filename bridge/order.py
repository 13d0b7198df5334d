"""An order is a request in words, checked, and ready to be carried out by `bridge.work`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from assistant import engine
from assistant.contract import DEFAULT_COUNT, Stage
from assistant.errors import FileError
from assistant.settings import Knob, parse
from bridge import presets

__all__ = ["Order", "place", "with_paths"]

_SEED = Knob("seed", "number", 0, "the dice", low=0, high=engine.MAX_SEED, whole=True)
_COUNT = Knob(
    "count", "number", DEFAULT_COUNT, "how many", low=1, high=engine.MAX_COUNT, whole=True
)
_REPORT = Knob("report", "flag", default=False, about="whether to draw a report")


@dataclass(frozen=True)
class Order:
    """A request in words.

    Parameters
    ----------
    stage : str
        Name of a stage.
    path : str
        The musician's file, ``""`` where the stage needs none.
    settings : mapping of str to object
        Those of the preset and those that were asked for, which win; materials as paths.
    seed, count : int
        As the words of that name say.
    out : str
        Folder for what is made; ``""`` is beside the input.
    report : bool
        Whether a report is drawn of each suggestion.
    """

    stage: str
    path: str = ""
    settings: Mapping[str, object] = field(default_factory=dict)
    seed: int = 0
    count: int = DEFAULT_COUNT
    out: str = ""
    report: bool = False


def place(stage: str, path: str, asked: Mapping[str, object]) -> Order:
    """Read the words of a request: reserved names, the preset, and settings, all checked.

    Parameters
    ----------
    stage, path : str
        As asked.
    asked : mapping of str to object
        Names and values, ``preset``, ``seed``, ``count``, ``out`` and ``report`` among them.

    Returns
    -------
    Order
        Ready to be carried out.

    Raises
    ------
    MusicianError
        Where a name is unknown or a value out of range.
    """
    found = engine.stage(stage)
    own = dict(asked)
    preset = str(own.pop("preset", ""))
    seed = _SEED.parse(own.pop("seed", 0))
    count = _COUNT.parse(own.pop("count", found.shows))
    out = str(own.pop("out", ""))
    report = bool(_REPORT.parse(own.pop("report", False)))
    engine.check_report(found, wanted=report)
    settings = {**(presets.load(stage, preset).settings if preset else {}), **own}
    _check(found, settings)
    if found.needs_file and not path:
        raise FileError(f"{stage} takes {found.diet}: name a file.")
    return Order(stage, path, settings, int(str(seed)), int(str(count)), out, report)


def _check(found: Stage, settings: Mapping[str, object]) -> None:
    """Refuse wrong settings before anything is read; materials are still paths here."""
    heavy = {knob.name for knob in found.knobs if knob.kind == "material"}
    parse(found.settings, {name: settings[name] for name in settings if name not in heavy})


def with_paths(order: Order, change: Callable[[str], str]) -> Order:
    """Pass every path of an order through a function, such as a check of the roots.

    Parameters
    ----------
    order : Order
        With paths as they were written.
    change : callable
        Takes a path, returns the one to use instead.

    Returns
    -------
    Order
        With the paths that came back.
    """
    heavy = [knob.name for knob in engine.stage(order.stage).knobs if knob.kind == "material"]
    named = {name: change(str(order.settings[name])) for name in heavy if order.settings.get(name)}
    path = change(order.path) if order.path else ""
    out = change(order.out) if order.out else ""
    return replace(order, path=path, out=out, settings={**order.settings, **named})
