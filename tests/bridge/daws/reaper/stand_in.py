"""A stand-in for REAPER: its session in Python, its API as functions that Lua calls.

Only what the script uses is there; a call of anything else fails in Lua. Time has one tempo.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.bridge.daws.reaper.things import (
    TICKS,
    Item,
    Project,
    Source,
    Take,
    Track,
    reacomp,
    reaeq,
    values_of,
)


class Reaper:
    """The session, and what the script did to it."""

    def __init__(self, folder: str, tempo: float = 120.0, meter: tuple[int, int] = (4, 4)) -> None:
        self.folder, self.tempo, self.meter = folder, tempo, meter
        self.resources = folder
        self.project = Project()
        self.front: Any = None
        self.is_open = True
        self.tracks: list[Track] = []
        self.master = Track("MASTER")
        self.selected: list[Item] = []
        self.selected_track: Track | None = None
        self.time_selection = (0.0, 0.0)
        self.cursor = 0.0
        self.undo: list[tuple[str, Any]] = []
        self.open_blocks, self.refresh = 0, 0
        self.said: list[str] = []
        self.forms: list[tuple[str, list[str]]] = []
        self.answers: list[list[str] | None] = []
        self.later: list[Callable[[], None]] = []
        self.at_exit: list[Callable[[], None]] = []
        self.now, self.pace = 0.0, 0.01
        self.os = "Other"
        self.effects = {"ReaEQ (Cockos)": reaeq, "ReaComp (Cockos)": reacomp}
        self.processes: list[tuple[str, int]] = []
        self.commands: list[int] = []
        self.bad_files: set[str] = set()
        self.made: Source | None = None  # what any file turns out to be
        self.fails_in: set[str] = set()

    # ------------------------------------------------------------------ for tests

    def track(self, name: str = "", *items: Item) -> Track:
        made = Track(name, list(items))
        self.tracks.append(made)
        return made

    @property
    def items(self) -> list[Item]:
        return [item for track in self.tracks for item in track.items]

    def _state(self) -> Any:
        tracks = [self.master, *self.tracks]
        items = [item for track in tracks for item in track.items]
        takes = [take for item in items for take in item.takes]
        effects = [effect for track in tracks for effect in track.effects]
        every: list[Any] = [*tracks, *items, *takes, *effects]
        return list(self.tracks), [(thing, values_of(thing)) for thing in every]

    def _restore(self, state: Any) -> None:
        self.tracks, kept = list(state[0]), state[1]
        for thing, values in kept:
            vars(thing).update(values)

    # ------------------------------------------------------------------ the API

    def functions(self) -> dict[str, Callable[..., Any]]:
        parts = [self._system(), self._time(), self._media(), self._midi(), self._write()]
        parts += [self._tracks(), self._fx()]
        every = {name: call for part in parts for name, call in part.items()}
        return {name: self._checked(name, call) for name, call in every.items()}

    def _checked(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def checked(*arguments: Any) -> Any:
            if name in self.fails_in:
                raise RuntimeError(f"{name} failed")
            if arguments and not self._is_there(arguments[0]):
                raise RuntimeError(f"bad argument #1 to '{name}' (it is closed, or was deleted)")
            return call(*arguments)

        return checked

    def _is_there(self, thing: Any) -> bool:
        """Tell whether REAPER takes it: what was closed or deleted is refused by every function."""
        if thing is self.project:
            return self.is_open
        return not isinstance(thing, Item) or thing in self.items

    def _system(self) -> dict[str, Callable[..., Any]]:
        return {
            "GetOS": lambda: self.os,
            "GetProjectPath": lambda _: self.folder,
            "GetResourcePath": lambda: self.resources,
            "RecursiveCreateDirectory": self._make_folder,
            "file_exists": os.path.isfile,
            "EnumerateFiles": self._file,
            "time_precise": self._time_precise,
            "ExecProcess": self._exec,
            "ShowMessageBox": lambda text, *_: self.said.append(text),
            "GetUserInputs": self._form,
            "defer": self.later.append,
            "atexit": self.at_exit.append,
            "EnumProjects": lambda _: self.front or self.project,
            "SelectProjectInstance": lambda project: setattr(self, "front", project),
            "ValidatePtr2": self._is_valid,
        }

    def _make_folder(self, path: str, _: int) -> int:
        with contextlib.suppress(OSError):
            os.makedirs(path, exist_ok=True)  # noqa: PTH103 - as REAPER says it
        return 1

    def _file(self, folder: str, place: int) -> str | None:
        names = sorted(path.name for path in Path(folder).glob("*"))
        return names[place] if place < len(names) else None

    def _time_precise(self) -> float:
        self.now += self.pace
        return self.now

    def _exec(self, line: str, wait_ms: int) -> str:
        self.processes.append((line, wait_ms))
        return "0"

    def _form(self, title: str, count: int, names: str, values: str) -> tuple[bool, str]:
        captions = names.split(",")
        assert captions[count:] == ["extrawidth=180", "separator=\n"]
        self.forms.append((title, values.split("\n")))
        answer = self.answers.pop(0) if self.answers else values.split("\n")
        return (False, "") if answer is None else (True, "\n".join(answer))

    def _is_valid(self, _: Any, thing: Any, kind: str) -> bool:
        if kind == "ReaProject*":
            return self.is_open
        if kind == "MediaItem*":
            return thing in self.items
        return any(thing in item.takes for item in self.items)

    def _quarters(self, seconds: float) -> float:
        return seconds * self.tempo / 60

    def _bar(self, _: Any, quarter: float) -> tuple[int, float, float]:
        length = self.meter[0] * 4 / self.meter[1]
        bar = int(quarter // length)
        return bar + 1, bar * length, (bar + 1) * length

    def _time(self) -> dict[str, Callable[..., Any]]:
        return {
            "TimeMap2_timeToQN": lambda _, seconds: self._quarters(seconds),
            "TimeMap2_QNToTime": lambda _, quarter: quarter * 60 / self.tempo,
            "TimeMap_GetTimeSigAtTime": lambda *_: (*self.meter, -1.0),  # bpm is not to be used
            "TimeMap_QNToMeasures": self._bar,
            "GetSet_LoopTimeRange2": lambda *_: self.time_selection,
            "GetCursorPosition": lambda: self.cursor,
        }

    def _media(self) -> dict[str, Callable[..., Any]]:
        def value(item: Item, name: str) -> float:
            return {"D_POSITION": item.position, "D_LENGTH": item.length}[name]

        return {
            "CountSelectedMediaItems": lambda _: len(self.selected),
            "GetSelectedMediaItem": lambda _, place: self.selected[place],
            "GetActiveTake": lambda item: item.take if item.takes else None,
            "TakeIsMIDI": lambda take: take.is_midi,
            "GetMediaItemInfo_Value": value,
            "GetMediaItemTakeInfo_Value": lambda take, name: take.values[name],
            "SetMediaItemTakeInfo_Value": lambda take, name, x: take.values.update({name: x}),
            "GetMediaItemTake_Source": lambda take: take.source,
            "GetMediaSourceParent": lambda source: source.parent,
            "PCM_Source_GetSectionInfo": lambda source: (
                source.parent is not None,
                *source.section,
            ),
            "GetMediaSourceLength": lambda source: (source.seconds, False),
            "GetMediaSourceFileName": lambda source: source.path,
            "GetMediaSourceNumChannels": lambda source: source.channels,
            "GetTakeNumStretchMarkers": lambda take: take.stretch_markers,
            "GetMediaItem_Track": lambda item: next(t for t in self.tracks if item in t.items),
        }

    def _midi(self) -> dict[str, Callable[..., Any]]:
        def scale(take: Take) -> tuple[bool, int, int, str]:
            return (True, *take.scale, "") if take.scale else (False, 0, 0, "")

        def note(take: Take, place: int) -> tuple[Any, ...]:
            muted, start, end, channel, pitch, velocity = take.notes[place]
            return True, False, muted, start, end, channel, pitch, velocity

        def insert(take: Take, _: bool, muted: bool, *rest: Any) -> bool:
            *values, no_sort = rest
            assert all(isinstance(one, int) for one in values)  # REAPER refuses 60.0 for 60
            take.notes.append((muted, *values))
            take.is_sorted = take.is_sorted and not no_sort
            return True

        return {
            "MIDI_GetScale": scale,
            "MIDI_CountEvts": lambda take: (True, len(take.notes), 0, 0),
            "MIDI_GetNote": note,
            "MIDI_GetProjQNFromPPQPos": lambda _, tick: tick / TICKS,
            "MIDI_GetPPQPosFromProjQN": lambda _, quarter: quarter * TICKS,
            "MIDI_InsertNote": insert,
            "MIDI_Sort": lambda take: setattr(take, "is_sorted", True),
        }

    def _write(self) -> dict[str, Callable[..., Any]]:
        return {
            "Undo_BeginBlock2": self._begin,
            "Undo_EndBlock2": self._end,
            "Undo_CanUndo2": lambda _: self.undo[-1][0] if self.undo else None,
            "Undo_DoUndo2": lambda _: self._restore(self.undo.pop()[1]),
            "PreventUIRefresh": lambda by: setattr(self, "refresh", self.refresh + by),
            "UpdateArrange": lambda: None,
            "UpdateItemInProject": lambda _: None,
            "Main_OnCommand": lambda command, _: self.commands.append(command),
            "CreateNewMIDIItemInProj": self._new_midi,
            "GetSetMediaItemTakeInfo_String": self._rename,
            "GetSetMediaTrackInfo_String": self._rename,
            "PCM_Source_CreateFromFile": self._open_source,
            "AddTakeToMediaItem": self._add_take,
            "SetMediaItemTake_Source": lambda take, source: setattr(take, "source", source),
            "SetActiveTake": self._activate,
        }

    def _begin(self, _: Any) -> None:
        self.open_blocks += 1
        self._before = self._state()

    def _end(self, _: Any, title: str, flags: int) -> None:
        assert flags == -1
        self.open_blocks -= 1
        self.undo.append((title, self._before))

    def _new_midi(self, track: Track, start: float, end: float, in_quarters: bool) -> Item:
        assert in_quarters
        beat = 60 / self.tempo
        item = Item(start * beat, (end - start) * beat, [Take(Source(), is_midi=True)])
        track.items.append(item)
        return item

    def _rename(self, thing: Any, name: str, value: str, write: bool) -> tuple[bool, str]:
        assert (name, write) == ("P_NAME", True)
        thing.name = value
        return True, value

    def _open_source(self, path: str) -> Source | None:
        if path in self.bad_files:
            return None
        return self.made or Source(path, self.selected[0].length if self.selected else 10.0, 2)

    def _add_take(self, item: Item) -> Take:
        item.takes.append(Take(Source()))
        return item.takes[-1]

    def _activate(self, take: Take) -> None:
        item = next(item for item in self.items if take in item.takes)
        item.active = item.takes.index(take)

    def _tracks(self) -> dict[str, Callable[..., Any]]:
        def name(track: Track) -> tuple[bool, str]:
            return True, track.name or f"Track {self.tracks.index(track) + 1}"

        def insert(place: int, _: bool) -> None:
            self.tracks.insert(place, Track())

        return {
            "CountTracks": lambda _: len(self.tracks),
            "GetTrack": lambda _, place: self.tracks[place],
            "GetSelectedTrack": lambda *_: self.selected_track,
            "GetMasterTrack": lambda _: self.master,
            "InsertTrackAtIndex": insert,
            "GetTrackName": name,
            "CountTrackMediaItems": lambda track: len(track.items),
            "GetTrackMediaItem": lambda track, place: track.items[place],
            "GetMediaTrackInfo_Value": lambda track, key: track.values[key],
            "SetMediaTrackInfo_Value": lambda track, key, x: track.values.update({key: x}),
        }

    def _fx(self) -> dict[str, Callable[..., Any]]:
        def add(track: Track, name: str, _: bool, how: int) -> int:
            if name not in self.effects:
                return -1
            assert how == -1
            track.effects.append(self.effects[name]())
            return len(track.effects) - 1

        def eq(track: Track, fx: int, parameter: int) -> tuple[Any, ...]:
            bands = track.effects[fx].bands
            place, what = divmod(parameter, 3)
            return (True, *bands[place], what, 0.0) if place < len(bands) else (False, 0, 0, 0, 0.0)

        def write(track: Track, fx: int, parameter: int, value: float) -> None:
            track.effects[fx].values[parameter] = value

        def enable(track: Track, fx: int, kind: int, place: int, on: bool) -> None:
            track.effects[fx].enabled[kind, place] = on

        def param_name(track: Track, fx: int, parameter: int) -> tuple[bool, str]:
            return True, list(track.effects[fx].shown)[parameter]

        return {
            "TrackFX_AddByName": add,
            "TrackFX_Delete": lambda track, fx: track.effects.pop(fx) and None,
            "TrackFX_GetNumParams": lambda track, fx: len(track.effects[fx].values),
            "TrackFX_GetParamName": param_name,
            "TrackFX_GetFormattedParamValue": lambda track, fx, p: (
                True,
                track.effects[fx].text(p),
            ),
            "TrackFX_SetParamNormalized": write,
            "TrackFX_GetEQParam": eq,
            "TrackFX_SetEQBandEnabled": enable,
        }
