"""A knob of a stage is declared once, with `setting()`; everything else follows from it.

OSC arguments, command-line options, preset checks, the table in the docs and the range tests all
read the same `Knob`. Its kinds are:

========  ==========================================  =======================================
kind      declared as                                 what the musician may write
========  ==========================================  =======================================
number    ``float`` or ``int``                        ``-14``, ``"-14.0"``
choice    ``str`` with ``choices``                    one of the names
flag      ``bool``                                    ``1 0 true false yes no on off``
text      ``str``                                     words, at most 500 unless said
note      ``float`` with ``kind="note"``              ``"C#4"`` or a MIDI number
range     ``Bars | None``                             ``"3-4"`` or ``"3"``, bars from 1
list      ``tuple[str, ...]`` or ``tuple[float, ...]``  ``"a, b"``
material  ``Audio``, ``Score``, ``Temperament`` ...    a path; the bridge reads the file
========  ==========================================  =======================================

A default of ``None`` means "not said"; ``""`` or ``"auto"`` say it.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, TypeAlias, TypeVar

from assistant.errors import SettingError, UnknownName
from assistant.material import note_name, note_number

__all__ = ["RESERVED", "Bars", "Kind", "Knob", "knobs", "parse", "setting", "unsaid"]

RESERVED = frozenset({"preset", "seed", "count", "out", "report", "dawproject", "cut", "right"})
"""Names that every request knows and no stage may declare."""

MAX_TEXT = 500
MAX_ITEMS = 64

Kind: TypeAlias = Literal["number", "choice", "flag", "text", "note", "range", "list", "material"]
T = TypeVar("T")

_YES = frozenset({"1", "true", "yes", "on"})
_NO = frozenset({"0", "false", "no", "off"})
_UNSAID = frozenset({"", "auto"})
_SOFT_HYPHEN = "\u00ad"
_JOINERS = {0x200C: None, 0x200D: None}  # part of Persian and Hindi words, and of emoji
_DIRECTIONS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class Bars(NamedTuple):
    """A range of bars, both ends included, counted from 1."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Knob:
    """One setting of a stage, as declared.

    Parameters
    ----------
    name : str
        Name of the field.
    kind : str
        One of `Kind`.
    default : object
        What it is when nobody says; ``None`` is "not said".
    about : str
        What it is for, in a musician's words.
    unit : str
        Unit of a number, ``""`` where there is none.
    low, high : float
        Ends of the range of a number, a note, or the numbers of a list, both belonging to it; of a
        text `high` is the most characters, 500 where it is not said.
    choices : tuple of str
        Names of a choice, or of the items of a list of texts.
    whole : bool
        Whether a number must be an integer.
    accepts : tuple of type
        The kinds of material that a material setting takes.
    """

    name: str
    kind: Kind
    default: object
    about: str
    unit: str = ""
    low: float = -math.inf
    high: float = math.inf
    choices: tuple[str, ...] = ()
    whole: bool = False
    accepts: tuple[type, ...] = ()

    def parse(self, value: object) -> object:
        """Turn what was asked into a value of this knob.

        Parameters
        ----------
        value : object
            A string, a number, a flag or (for a material) a `Material`.

        Returns
        -------
        object
            The value, in range.

        Raises
        ------
        SettingError
            With the knob's name, what was seen, and what would be right.
        """
        if self.default is None and (value is None or _word(value) in _UNSAID):
            return None
        return _PARSERS[self.kind](self, value)

    @property
    def usual(self) -> str:
        """The default, in words."""
        if self.default is None or self.default == ():
            return "not said"
        if self.kind == "note" and isinstance(self.default, float):
            return note_name(self.default)
        if self.kind == "flag":
            return "yes" if self.default else "no"
        return f"{self.default:g}" if isinstance(self.default, float) else str(self.default)

    @property
    def span(self) -> str:
        """What the knob takes, in words: ``"-36 to -5 LUFS"``."""
        words = {
            "choice": ", ".join(self.choices),
            "flag": "yes or no",
            "text": "words",
            "range": 'bars, such as "3-4"',
            "material": "a file",
        }
        if self.kind in words:
            return words[self.kind]
        if self.kind == "note":
            return f"{note_name(self.low)} to {note_name(self.high)}"
        if self.kind == "list" and self.choices:
            return "any of " + ", ".join(self.choices)
        if math.isinf(self.low) and math.isinf(self.high):
            return "a list, such as a, b" if self.kind == "list" else "a number"
        return f"{self.low:.10g} to {self.high:.10g} {self.unit}".rstrip()


def setting(
    default: Any,
    unit: str = "",
    *,
    about: str,
    low: float = -math.inf,
    high: float = math.inf,
    choices: tuple[str, ...] = (),
    kind: Kind | Literal["whole"] | None = None,
    accepts: tuple[type, ...] = (),
) -> Any:
    """Declare a setting as the default of a dataclass field.

    Parameters
    ----------
    default : object
        Value when nobody says; its type tells the kind where `kind` is not given. ``None`` makes
        the setting optional (a number where no kind, choices or materials are given).
    unit, about, low, high, choices, accepts
        See `Knob`.
    kind : str, optional
        Needed for a note, for a range, for an optional text, and for an optional number that must
        be an integer (``"whole"``).

    Returns
    -------
    dataclasses.Field
        Typed as ``Any`` so that ``name: float = setting(...)`` type-checks.
    """
    told = "number" if kind == "whole" else kind or _kind_of(default, choices, accepts)
    whole = kind == "whole" or (isinstance(default, int) and told == "number")
    if told == "note":
        low, high = max(low, 0.0), min(high, 127.0)
    knob = Knob("", told, default, about, unit, low, high, choices, whole, accepts)
    return dataclasses.field(default=default, metadata={"knob": knob})


def knobs(settings: type) -> tuple[Knob, ...]:
    """List the settings of a stage.

    Parameters
    ----------
    settings : type
        A dataclass whose fields were all declared by `setting`.

    Returns
    -------
    tuple of Knob
        In the order of the class.
    """
    return tuple(
        dataclasses.replace(field.metadata["knob"], name=field.name)
        for field in dataclasses.fields(settings)
    )


def parse(settings: type[T], asked: Mapping[str, object]) -> T:
    """Make the settings of a stage from what was asked.

    Parameters
    ----------
    settings : type
        The stage's ``Settings``.
    asked : mapping of str to object
        Names and values as they came; a name may have ``-`` for ``_``.

    Returns
    -------
    T
        An instance, every value in range.

    Raises
    ------
    UnknownName
        Where a name is not declared, with the one probably meant.
    SettingError
        Where values are outside their range; one line names them all.
    """
    known = {knob.name: knob for knob in knobs(settings)}
    values: dict[str, object] = {}
    wrong: list[str] = []
    for said, value in asked.items():
        name = said.replace("-", "_")
        if name not in known:
            raise UnknownName("setting", said, known)
        try:
            values[name] = known[name].parse(value)
        except SettingError as error:
            wrong.append(str(error))
    if wrong:
        raise SettingError(" ".join(wrong))
    return settings(**values)


def unsaid(text: str) -> bool:
    """Tell whether a text leaves it to us: it is empty, or ``"auto"``."""
    return _word(text) in _UNSAID


def _kind_of(default: object, choices: tuple[str, ...], accepts: tuple[type, ...]) -> Kind:
    """Tell the kind of a setting from its default."""
    if accepts:
        return "material"
    if isinstance(default, tuple):
        return "list"
    if choices:
        return "choice"
    if isinstance(default, bool):
        return "flag"
    return "text" if isinstance(default, str) else "number"


def _word(value: object) -> str:
    return value.strip().lower() if isinstance(value, str) else "said"


def _refuse(knob: Knob, value: object) -> SettingError:
    seen = repr(value) if isinstance(value, str) else f"{value}"
    return SettingError(f"{knob.name} is {seen[:80]}; it takes {knob.span}.")


def _number(knob: Knob, value: object) -> float | int:
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        raise _refuse(knob, value)
    try:
        number = float(value)
    except (ValueError, OverflowError):
        raise _refuse(knob, value) from None
    if not knob.low <= number <= knob.high or not math.isfinite(number):
        raise _refuse(knob, value)
    if not knob.whole:
        return number
    if number != int(number):
        raise SettingError(f"{knob.name} is {number:g}; it takes whole numbers.")
    return int(number)


def _choice(knob: Knob, value: object) -> str:
    for name in knob.choices:
        if isinstance(value, str) and value.strip().lower() == name.lower():
            return name
    raise _refuse(knob, value)


def _flag(knob: Knob, value: object) -> bool:
    word = _word(value) if isinstance(value, str) else str(value).lower()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise _refuse(knob, value)


def _text(knob: Knob, value: object) -> str:
    if not isinstance(value, (str, int, float)) or isinstance(value, bool):
        raise _refuse(knob, value)
    text = str(value).replace(_SOFT_HYPHEN, "")
    most = knob.high if math.isfinite(knob.high) else MAX_TEXT
    if len(text) > most:
        raise SettingError(f"{knob.name} has {len(text)} characters; it takes {most:.0f}.")
    if _DIRECTIONS.intersection(text):
        raise SettingError(
            f"{knob.name} holds marks that turn the direction of writing, which cannot be seen;"
            " type it without them."
        )
    if not text.translate(_JOINERS).isprintable():
        raise SettingError(f"{knob.name} holds control characters; it takes plain words.")
    return text


def _note(knob: Knob, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise _refuse(knob, value)
    try:
        number = note_number(str(value))
    except ValueError:
        raise _refuse(knob, value) from None
    if not knob.low <= number <= knob.high:
        raise _refuse(knob, value)
    return number


def _bars(knob: Knob, value: object) -> Bars:
    if isinstance(value, Bars):
        value = f"{value.first}-{value.last}"
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        raise _refuse(knob, value)
    first, _, last = str(value).replace("–", "-").partition("-")  # noqa: RUF001 - it is typed
    try:
        bars = Bars(int(first), int(last or first))
    except ValueError:
        raise _refuse(knob, value) from None
    if not 1 <= bars.first <= bars.last <= 9999:
        raise _refuse(knob, value)
    return bars


def _list(knob: Knob, value: object) -> tuple[object, ...]:
    parts = [part.strip() for part in value.split(",")] if isinstance(value, str) else value
    if isinstance(parts, (int, float)) and not isinstance(parts, bool):
        parts = [parts]
    if not isinstance(parts, (list, tuple)) or len(parts) > MAX_ITEMS:
        raise _refuse(knob, value)
    said = [part for part in parts if part != ""]
    numbers = not math.isinf(knob.low) or not math.isinf(knob.high)
    one = _number if numbers else _choice if knob.choices else _text
    return tuple(one(knob, part) for part in said)


def _material(knob: Knob, value: object) -> object:
    if isinstance(value, knob.accepts):
        return value
    kinds = " or ".join(kind.__name__ for kind in knob.accepts)
    raise SettingError(f"{knob.name} takes a file that holds {kinds}.")


_PARSERS = {
    "number": _number,
    "choice": _choice,
    "flag": _flag,
    "text": _text,
    "note": _note,
    "range": _bars,
    "list": _list,
    "material": _material,
}
