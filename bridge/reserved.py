"""The words that every stage knows besides its settings, declared as settings are."""

from __future__ import annotations

from assistant import engine
from assistant.contract import Knob, Stage
from assistant.material import Audio
from bridge import presets

__all__ = ["reserved"]


def reserved(stage: Stage) -> tuple[Knob, ...]:
    """List the reserved words that a stage can be asked with.

    Parameters
    ----------
    stage : Stage
        As it was found.

    Returns
    -------
    tuple of Knob
        What is refused anyway (the report of a stage that draws none) is left out.
    """
    shelf = presets.names(stage.name)
    most_seed, most = engine.MAX_SEED, engine.MAX_COUNT
    words = [
        Knob("preset", "choice", None, "settings from the shelf", choices=shelf),
        Knob("seed", "number", 0, "same seed, same answer", low=0, high=most_seed, whole=True),
        Knob("count", "number", stage.shows, "how many suggestions", low=1, high=most, whole=True),
        Knob("out", "text", "", "folder for what is made; else beside the file"),
        Knob("dawproject", "flag", default=False, about="each suggestion as a DAWproject, too"),
    ]
    if stage.draws:
        about = "whether to draw a page that shows each suggestion"
        words.append(Knob("report", "flag", default=False, about=about))
    if Audio in stage.takes:
        cut = "seconds of the file, such as 12.5-20.25 or 12.5-: only that is read"
        right = "the file of the right channel, where the other is that of the left"
        words += [
            Knob("cut", "text", "", cut),
            Knob("right", "material", None, right, accepts=(Audio,)),
        ]
    return tuple(words)
