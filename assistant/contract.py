"""What a stage is asked, what it answers, and what it promises.

A stage is a module with a docstring and three names: ``takes``, ``Settings`` and ``suggest``; where
it shows more or fewer than three suggestions unless asked, a fourth, ``shows``; where it can draw a
report, ``draws = True``; where it makes sound, ``copies``, how much scratch that takes; where the
stems of a folder sound together, ``sums = True``.
`suggest` is a generator: progress, several proposals (best first) and cancel (stop listening) are
one construct.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import NoneType
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeAlias, TypeVar

from assistant.errors import MaterialError
from assistant.material import Audio, Material, Samples, Score, Scratch, Session, Temperament
from assistant.moves import PARAMETERS, Move
from assistant.settings import RESERVED, Bars, Knob, knobs, setting
from assistant.steps import part

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = [
    "PARAMETERS",
    "RESERVED",
    "Bars",
    "ChordMark",
    "Codec",
    "Context",
    "Knob",
    "Move",
    "Progress",
    "Quantity",
    "Request",
    "Shelf",
    "Speech",
    "Spoken",
    "Stage",
    "Suggestion",
    "Synth",
    "Weights",
    "setting",
    "telling",
]

_Made = TypeVar("_Made")

DEFAULT_COUNT = 3


class Shelf(Protocol):
    """The shelf: data that comes with bandmate, by its place without the ending."""

    def __call__(self, place: str, /) -> Mapping[str, Any]:
        """Return what ``presets/<place>.toml`` holds, such as ``"words/moods"``."""
        ...


class Weights(Protocol):
    """The learned models that come with bandmate."""

    def __call__(self, name: str, /) -> Mapping[str, NDArray[Any]]:
        """Return the arrays of ``presets/models/<name>.safetensors``; shared, read them only."""
        ...


class Synth(Protocol):
    """A player of scores that sounds better than the built-in voices, such as a soundfont."""

    @property
    def name(self) -> str:
        """What it plays with, such as the name of a soundfont."""
        ...

    def __call__(self, score: Score, rate: int, /) -> Samples:
        """Return the sound of `score`, shape (2, frames), at `rate` Hz."""
        ...


@dataclass(frozen=True, slots=True)
class Spoken:
    """How a word is said: the stress of each syllable (0 weak, 1 second, 2 main), and its IPA."""

    stress: tuple[int, ...]
    ipa: str

    @property
    def count(self) -> int:
        """Number of syllables."""
        return len(self.stress)


class Speech(Protocol):
    """A program that knows how words are said, such as espeak-ng."""

    @property
    def name(self) -> str:
        """What it is."""
        ...

    def __call__(self, words: Sequence[str], language: str, /) -> Sequence[Spoken | None]:
        """Say how each word is spoken in a language such as ``"es"``; None where it cannot."""
        ...


class Codec(Protocol):
    """A program that makes a lossy file of a sound and plays it, such as ffmpeg."""

    @property
    def name(self) -> str:
        """What it is."""
        ...

    @property
    def version(self) -> str:
        """As it says itself, ``""`` where it does not: another one may decide otherwise."""
        ...

    def encoder(self, codec: str, /) -> str:
        """Tell which encoder makes a codec such as ``"aac"``; ``""`` where there is none."""
        ...

    def __call__(
        self, audio: Audio, codec: str, kbps: int, scratch: Scratch, /
    ) -> Generator[float, None, Audio | None]:
        """Return what a listener hears of it: as long, aligned to the frame, at the same rate.

        It yields the share that is done. Samples over full scale are kept. None where it cannot.
        """
        ...


def empty_shelf(place: str, /) -> Mapping[str, Any]:
    """Stand in for the shelf where nobody gave one."""
    raise MaterialError(f"Nothing was put on the shelf, so {place!r} is not there.")


def no_weights(name: str, /) -> Mapping[str, NDArray[Any]]:
    """Stand in for the learned models where nobody gave any."""
    raise MaterialError(f"No learned models were given, so {name!r} is not there.")


def _zeros(shape: tuple[int, ...], /) -> Samples:
    import numpy as np

    return np.zeros(shape, dtype=np.float32)


@dataclass(frozen=True)
class Context:
    """What a stage may use besides its material and its settings.

    Parameters
    ----------
    seed : int
        Same seed, same answer, bit for bit.
    count : int
        How many suggestions are wanted; the engine stops listening after as many.
    shelf : Shelf
        Data that comes with bandmate.
    scratch : callable
        Makes a float32 array of zeros of a given shape, memory-mapped where it is large.
    synth : Synth, optional
        A player of scores, where one was found.
    weights : Weights
        Learned models; their cards are on the shelf as ``"models/<name>"``.
    speech : Speech, optional
        A program that knows how words are said, where one was found.
    report : bool
        Whether a report is to be drawn: the ``report`` of each suggestion's material (and
        ``report.<name>`` of stems beside the first), one page of
        HTML that stands alone. The engine lets it be asked only of a stage that ``draws``.
    codec : Codec, optional
        A program that makes lossy files, where one was found.
    """

    seed: int = 0
    count: int = DEFAULT_COUNT
    shelf: Shelf = empty_shelf
    scratch: Scratch = _zeros
    synth: Synth | None = None
    weights: Weights = no_weights
    speech: Speech | None = None
    report: bool = False
    codec: Codec | None = None

    def rng(self, n: int) -> np.random.Generator:
        """Make the dice of suggestion `n`, the same however many suggestions are asked for."""
        import numpy as np

        return np.random.default_rng([self.seed, n])


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the work is: `fraction` from 0.0 to 1.0, never falling, and what is being done."""

    fraction: float
    doing: str


def telling(
    work: Generator[float, None, _Made], doing: str, begun: float, share: float
) -> Generator[Progress, None, _Made]:
    """Do a piece of work, and tell how far all of it is.

    Parameters
    ----------
    work : generator
        Yields the share of it that is done, rising to 1.0.
    doing : str
        What it is.
    begun, share : float
        What of the whole was done before it, and what of the whole it is.

    Yields
    ------
    Progress
        Of the whole.

    Returns
    -------
    object
        What the work returns.
    """
    shares = part(work, begun, share)
    while True:
        try:
            yield Progress(next(shares), doing)
        except StopIteration as done:
            made: _Made = done.value
            return made


@dataclass(frozen=True, slots=True)
class Quantity:
    """Something measured, before and after, in one unit; ``None`` where there is no such side."""

    before: float | None
    after: float | None
    unit: str


@dataclass(frozen=True, slots=True)
class ChordMark:
    """A chord of a suggestion: `start` and `length` in beats, its symbol, its numeral, and why."""

    start: float
    length: float
    symbol: str
    roman: str
    why: str


@dataclass(frozen=True, eq=False)
class Suggestion:
    """One proposal.

    Parameters
    ----------
    title : str
        A few words to pick it by.
    why : str
        A few short sentences with the evidence, in a musician's words.
    material : mapping of str to Material or str
        By role: ``main``, ``audio``, ``notes``, ``residual``, ``stem.<name>``, ``report`` (HTML),
        ``leadsheet`` (MusicXML).
    moves : tuple of Move
        What could be done in the DAW; nothing is until the musician accepts.
    chords : tuple of ChordMark
        The harmony, in order of start.
    measured : mapping of str to Quantity
        Evidence in numbers.
    confidence : float
        0.0 to 1.0.
    bits : int, optional
        The depth that its sound was made for: 16 or 24, or 32, which are floats. Without, it is
        written like the musician's file.
    """

    title: str
    why: str
    material: Mapping[str, Material | str] = field(default_factory=dict)
    moves: tuple[Move, ...] = ()
    chords: tuple[ChordMark, ...] = ()
    measured: Mapping[str, Quantity] = field(default_factory=dict)
    confidence: float = 0.5
    bits: Literal[16, 24, 32] | None = None


Answer: TypeAlias = Iterator[Progress | Suggestion]


@dataclass(frozen=True)
class Request:
    """What is asked of the engine.

    Parameters
    ----------
    stage : str
        Name of a stage.
    material : Material, optional
        What it should work on.
    settings : mapping of str to object
        Names and values as they came; the engine checks them.
    context : Context
        Seed, count, shelf, scratch and tools.
    """

    stage: str
    material: Material | None = None
    settings: Mapping[str, object] = field(default_factory=dict)
    context: Context = field(default_factory=Context)


@dataclass(frozen=True)
class Stage:
    """A stage as it was found.

    Parameters
    ----------
    name : str
        Name of its file: also its address, its command, its preset folder.
    about : str
        First line of its docstring.
    takes : tuple of type
        Any of `Audio`, `Score`, `Session`; ``NoneType`` where a prompt is enough.
    settings : type
        Its ``Settings``.
    suggest : callable
        ``suggest(material, settings, context)``, a generator.
    shows : int
        How many suggestions it shows where nobody says: its ``shows``, if it has one.
    draws : bool
        Whether it can draw a report: its ``draws``, if it has one.
    copies : int
        How often the sound that it is given fits into what it takes of scratch: its ``copies``,
        if it has any.
    sums : bool
        Whether the stems of a folder sound together, so that they are brought to one rate and laid
        where their files say: its ``sums``, if it has one. What it gives back then begins where the
        song does.
    """

    name: str
    about: str
    takes: tuple[type, ...]
    settings: type[Any]
    suggest: Callable[[Any, Any, Context], Answer]
    shows: int = DEFAULT_COUNT
    draws: bool = False
    copies: int = 1
    sums: bool = False

    @property
    def knobs(self) -> tuple[Knob, ...]:
        """The settings as declared."""
        return knobs(self.settings)

    @property
    def needs_file(self) -> bool:
        """Whether there is no asking without a file."""
        return NoneType not in self.takes

    @property
    def diet(self) -> str:
        """What the stage takes, in words: ``"a score (.mid, .dawproject) or nothing"``."""
        words = {
            Audio: "audio",
            Score: "a score (.mid, .dawproject)",
            Session: "a folder of stems",
            Temperament: "a tuning (.scl)",
            NoneType: "nothing",
        }
        return " or ".join(words[kind] for kind in self.takes)
