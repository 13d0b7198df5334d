"""The only dispatcher: finds the stages, checks a request, and keeps a stage to its promises."""

from __future__ import annotations

import importlib
import inspect
import math
import pkgutil
from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache
from types import NoneType

from assistant import stages as rooms
from assistant.contract import DEFAULT_COUNT, Progress, Request, Stage, Suggestion
from assistant.errors import BrokenStage, MaterialError, SettingError, UnknownName
from assistant.material import Audio, Material, Session
from assistant.settings import parse

__all__ = ["MAX_COUNT", "add_stages", "check_report", "run", "stage", "stage_names", "stages"]

MAX_COUNT = 32
MAX_SEED = 2**32 - 1
_BLOCK_FRAMES = 1 << 18
_LOUDEST = 1e4  # 80 dB over full scale: no mix is so hot, but a sample that was damaged may be


def add_stages(folder: str) -> None:
    """Also look for stages in a folder outside the package.

    Parameters
    ----------
    folder : str
        A folder of stage files.
    """
    if folder not in rooms.__path__:
        rooms.__path__.append(folder)
        stage_names.cache_clear()


@lru_cache(maxsize=1)
def stage_names() -> tuple[str, ...]:
    """List the stages there are, without importing them.

    Returns
    -------
    tuple of str
        In alphabetical order.
    """
    found = (module.name for module in pkgutil.iter_modules(rooms.__path__))
    return tuple(sorted(name for name in found if not name.startswith("_")))


@lru_cache(maxsize=64)
def stage(name: str) -> Stage:
    """Find a stage.

    Parameters
    ----------
    name : str
        Its name.

    Returns
    -------
    Stage
        What its file declares.

    Raises
    ------
    UnknownName
        Where there is no such stage, with the one probably meant.
    BrokenStage
        Where its file cannot be loaded.
    """
    if name not in stage_names():
        raise UnknownName("stage", name, stage_names())
    try:
        module = importlib.import_module(f"{rooms.__name__}.{name}")
        about = inspect.getdoc(module) or ""
        shows = getattr(module, "shows", DEFAULT_COUNT)
        draws = getattr(module, "draws", False)
        copies = getattr(module, "copies", 1)
        sums = getattr(module, "sums", False)
        line, call = about.split("\n")[0], module.suggest
        return Stage(name, line, module.takes, module.Settings, call, shows, draws, copies, sums)
    except Exception as error:
        seen = f"{type(error).__name__}: {error}"
        raise BrokenStage(f"The stage {name!r} cannot be loaded: {seen}.") from error


def stages() -> list[Stage]:
    """List the stages that can be loaded; a broken one does not keep the others from working.

    Returns
    -------
    list of Stage
        In alphabetical order.
    """
    found = []
    for name in stage_names():
        with suppress(BrokenStage):
            found.append(stage(name))
    return found


def run(request: Request) -> Iterator[Progress | Suggestion]:
    """Carry a request to its stage and its answers back.

    Parameters
    ----------
    request : Request
        What is asked.

    Yields
    ------
    Progress or Suggestion
        Progress never falls; at most ``context.count`` suggestions, best first.

    Raises
    ------
    MusicianError
        Where the stage, a setting or the material is not as it should be.
    """
    found = stage(request.stage)
    settings = parse(found.settings, request.settings)
    _check_context(request)
    check_report(found, wanted=request.context.report)
    _check_material(found, request.material)
    reached, said = 0.0, 0
    for answer in found.suggest(request.material, settings, request.context):
        if isinstance(answer, Progress):
            reached = max(reached, min(1.0, answer.fraction))
            yield Progress(reached, answer.doing)
            continue
        yield answer
        said += 1
        if said == request.context.count:
            break


def check_report(found: Stage, *, wanted: bool) -> None:
    """Refuse a report of a stage that draws none.

    Parameters
    ----------
    found : Stage
        The stage that is asked.
    wanted : bool
        Whether a report was asked for.

    Raises
    ------
    SettingError
        With the stages that do draw one.
    """
    if wanted and not found.draws:
        others = ", ".join(stage.name for stage in stages() if stage.draws)
        does = f" These do: {others}." if others else ""
        raise SettingError(f"{found.name} draws no report; leave report out.{does}")


def _check_context(request: Request) -> None:
    context = request.context
    if not 1 <= context.count <= MAX_COUNT:
        raise SettingError(f"count is {context.count}; it takes 1 to {MAX_COUNT}.")
    if not 0 <= context.seed <= MAX_SEED:
        raise SettingError(f"seed is {context.seed}; it takes 0 to {MAX_SEED}.")


def _check_material(found: Stage, material: Material | None) -> None:
    """Refuse what the stage does not take, and audio that holds no sound to work on."""
    if not isinstance(material, found.takes):
        seen = "nothing" if material is None else f"a {type(material).__name__.lower()}"
        raise MaterialError(f"{found.name} takes {found.diet}; it was given {seen}.")
    if isinstance(material, Audio):
        _check_audio(material, "the audio")
    elif isinstance(material, Session):
        for stem in material.stems:
            _check_audio(stem.audio, f"stem {stem.name!r}")
    elif isinstance(material, NoneType):
        return


def _check_audio(audio: Audio, name: str) -> None:
    import numpy as np

    if audio.frames == 0:
        raise MaterialError(f"There are no samples in {name}.")
    for start, block in audio.blocks(_BLOCK_FRAMES):
        if not (block.min() >= -_LOUDEST and block.max() <= _LOUDEST):  # which NaN is not
            channel, frame = np.argwhere(~(np.abs(block) <= _LOUDEST))[0]
            seen = _seen(float(block[channel, frame]))
            place = f"{(start + frame) / audio.rate:.3f} s, channel {channel + 1}"
            raise MaterialError(f"{seen} in {name} at {place}: render or export it again.")


def _seen(sample: float) -> str:
    """Say what a sample is that is no sound."""
    if math.isnan(sample):
        return "NaN"
    return "Inf" if math.isinf(sample) else f"A sample of {sample:.3g} (full scale is 1)"
