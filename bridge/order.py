"""An order is a request in words, checked, and ready to be carried out by `bridge.work`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePath

from assistant import engine
from assistant.contract import DEFAULT_COUNT, Stage
from assistant.errors import FileError, SettingError
from assistant.material import Audio, Session
from assistant.settings import Knob, parse
from bridge import presets, prints
from bridge.opening import PROJECT_SUFFIXES, SCORE_SUFFIXES
from bridge.sound.cut import Cut

__all__ = ["Order", "cut_seconds", "place", "with_paths"]

MAX_PRESETS = 16

_CUT = re.compile(r"(\d{1,7}(?:\.\d{0,9})?)? ?- ?(\d{1,7}(?:\.\d{0,9})?)?", re.ASCII)

_NO_SOUND = {
    **dict.fromkeys(SCORE_SUFFIXES, "notes"),
    **dict.fromkeys(PROJECT_SUFFIXES, "a whole song: export the track as a sound file"),
}

_NO_CHOICE = 1e9
"""No choice is a number as large; JSON knows whole numbers that no float can hold."""

_SEED = Knob("seed", "number", 0, "the dice", low=0, high=engine.MAX_SEED, whole=True)
_COUNT = Knob(
    "count", "number", DEFAULT_COUNT, "how many", low=1, high=engine.MAX_COUNT, whole=True
)
_REPORT = Knob("report", "flag", default=False, about="whether to draw a report")
_DAWPROJECT = Knob("dawproject", "flag", default=False, about="whether to write a DAWproject")


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
    dawproject : bool
        Whether each suggestion is written as a DAWproject, too.
    cut : str
        Which seconds of the file are read, such as ``"12.5-20.25"``; ``""`` is all of it.
    right : str
        The file of the right channel, where `path` is that of the left; else ``""``.
    presets : mapping of str to mapping
        Where several presets were asked for: the settings of each, by its title; `settings` are
        then those of the first.
    """

    stage: str
    path: str = ""
    settings: Mapping[str, object] = field(default_factory=dict)
    seed: int = 0
    count: int = DEFAULT_COUNT
    out: str = ""
    report: bool = False
    presets: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    dawproject: bool = False
    cut: str = ""
    right: str = ""


def place(stage: str, path: str, asked: Mapping[str, object]) -> Order:
    """Read the words of a request: reserved names, the preset, and settings, all checked.

    Parameters
    ----------
    stage, path : str
        As asked.
    asked : mapping of str to object
        Names and values, the reserved ones among them (``preset``, ``seed``, ``count``, ``out``,
        ``report``, ``dawproject``, ``cut``, ``right``); ``preset`` may name several, with commas
        between them.

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
    own = _spelled(found, asked)
    named = _named(str(own.pop("preset", "")))
    seed = _SEED.parse(own.pop("seed", 0))
    count = _COUNT.parse(own.pop("count", 1 if len(named) > 1 else found.shows))
    out = str(own.pop("out", ""))
    report = bool(_REPORT.parse(own.pop("report", False)))
    dawproject = bool(_DAWPROJECT.parse(own.pop("dawproject", False)))
    cut, right = _cut(own.pop("cut", "")), str(own.pop("right", ""))
    engine.check_report(found, wanted=report)
    every = {
        title: prints.named(found, {**usual, **own})
        for title, usual in _loaded(stage, named).items()
    }
    for settings in every.values():
        _check(found, settings)
    if found.needs_file and not path:
        wanted = "a folder" if found.takes == (Session,) else "a file"
        raise FileError(f"{stage} takes {found.diet}: name {wanted}.")
    for name, word, file in (("cut", cut, path), ("right", right, path), ("right", right, right)):
        if word:
            _check_sound(name, file, found)
    first = next(iter(every.values()))
    several = every if len(every) > 1 else {}
    return Order(
        *(stage, path, first, int(str(seed)), int(str(count)), out, report, several),
        dawproject=dawproject,
        cut=cut,
        right=right,
    )


def cut_seconds(words: str) -> Cut:
    """Read which seconds of a file are meant.

    Parameters
    ----------
    words : str
        ``"12.5-20.25"``, ``"12.5-"``, ``"-20"``, or ``""`` for the whole file.

    Returns
    -------
    Cut
        That part.

    Raises
    ------
    SettingError
        Where it says something else.
    """
    found = _CUT.fullmatch(words.strip())
    begins, ends = (float(found[1] or 0.0), found[2]) if found else (0.0, "")
    if words.strip() and (found is None or (ends and float(ends) <= begins) or not found[0][1:]):
        raise SettingError(
            f"cut is {words[:80]!r}; it takes seconds of the file, first and last: 12.5-20.25, "
            "12.5- or -20."
        )
    return Cut(begins, float(ends) if ends else None)


def _check_sound(name: str, path: str, found: Stage) -> None:
    """Refuse a reserved word of sound where there plainly is none, before anything is read."""
    if not path or Audio not in found.takes:
        raise SettingError(f"{name} is of a sound file, and there is none.")
    holds = _NO_SOUND.get(PurePath(path).suffix.lower())
    if holds is not None:
        raise SettingError(
            f"{name} is of a sound file; {PurePath(path).name[:80]!r} holds {holds}."
        )


def _cut(words: object) -> str:
    cut_seconds(str(words))
    return str(words).strip()


def _spelled(found: Stage, asked: Mapping[str, object]) -> dict[str, object]:
    """Write ``bits 16.0`` as ``"16"``: controllers send numbers, and choices are words."""
    choices = {knob.name: knob.choices for knob in found.knobs if knob.kind == "choice"}

    def spelled(name: str, value: object) -> object:
        number = value if isinstance(value, int | float) and abs(value) < _NO_CHOICE else None
        word = "" if number is None else f"{number:.10g}"
        return word if word in choices.get(name, ()) else value

    return {name: spelled(name, value) for name, value in asked.items()}


def _named(words: str) -> tuple[str, ...]:
    """Read the names of presets, each once, with commas between them."""
    named = tuple(dict.fromkeys(name.strip() for name in words.split(",") if name.strip()))
    if len(named) > MAX_PRESETS:
        raise SettingError(f"preset names {len(named)}; it takes {MAX_PRESETS} at most.")
    return named


def _loaded(stage: str, named: Sequence[str]) -> dict[str, Mapping[str, object]]:
    """Take presets from the shelf: their settings by their titles, no two of which are alike."""
    if not named:
        return {"": {}}
    loaded: dict[str, Mapping[str, object]] = {}
    for preset in [presets.load(stage, name) for name in named]:
        title = preset.title if preset.title not in loaded else f"{preset.title} ({preset.name})"
        loaded[title] = preset.settings
    return loaded


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

    def changed(settings: Mapping[str, object]) -> dict[str, object]:
        named = {name: change(str(settings[name])) for name in heavy if settings.get(name)}
        return {**settings, **named}

    return replace(
        order,
        path=change(order.path) if order.path else "",
        out=change(order.out) if order.out else "",
        right=change(order.right) if order.right else "",
        settings=changed(order.settings),
        presets={title: changed(settings) for title, settings in order.presets.items()},
    )
