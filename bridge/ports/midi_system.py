"""What there is to send MIDI through, in words: for the warning at the start and for the doctor."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assistant.errors import did_you_mean

__all__ = ["MidiSystem", "described"]

_LINUX_ADVICE = (
    "No MIDI system was found: there is no /dev/snd/seq (`sudo modprobe snd-seq` makes one) and no "
    "JACK server answers. Start one of them, then bandmate."
)
_WINDOWS_ADVICE = (
    "Windows has no virtual MIDI ports. Install loopMIDI, make two ports in it named 'bandmate in' "
    "and 'bandmate out', then start bandmate again; or name other ports with --midi-in and "
    "--midi-out."
)


_SILENT_ADVICE = (
    "The MIDI system does not answer, as where a JACK server hangs. Restart it, then bandmate."
)
_NOWHERE_ADVICE = {
    "win32": _WINDOWS_ADVICE,
    "darwin": "CoreMIDI does not answer. Restart the computer, then bandmate.",
}


@dataclass(frozen=True, slots=True)
class MidiSystem:
    """What there is to send MIDI through.

    Parameters
    ----------
    api : str
        ``"CoreMIDI"``, ``"ALSA"``, ``"JACK"`` or ``"Windows"``; ``""`` where there is none.
    virtual : bool
        Whether it has virtual ports.
    inputs, outputs : tuple of str
        Ports of others, to listen to and to send to.
    in_name, out_name : str
        The ports that are open, or would be; ``""`` where one cannot be.
    advice : str
        What is missing and how to get it; ``""`` where nothing is.
    """

    api: str
    virtual: bool = False
    inputs: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    in_name: str = ""
    out_name: str = ""
    advice: str = ""


def described(report: Mapping[str, Any], wanted: Mapping[str, Any]) -> MidiSystem:
    """Put into words what `bridge.ports.midi_host` found.

    Parameters
    ----------
    report : mapping
        Its answer; empty where it gave none.
    wanted : mapping
        What it was asked for; ``"in"`` and ``"out"`` are names of ports.

    Returns
    -------
    MidiSystem
        With advice where anything is missing.
    """
    busy = report.get("busy", ())
    return MidiSystem(
        api=report.get("api", ""),
        virtual=report.get("virtual", False),
        inputs=tuple(report.get("inputs", ())),
        outputs=tuple(report.get("outputs", ())),
        in_name="" if "in" in busy else report.get("in", ""),
        out_name="" if "out" in busy else report.get("out", ""),
        advice=" ".join(_lacking(report, wanted)),
    )


def _lacking(report: Mapping[str, Any], wanted: Mapping[str, Any]) -> list[str]:
    """Say what is missing and how to get it, a sentence or two each."""
    if not report:
        return [_SILENT_ADVICE]
    if "broken" in report:
        return [f"python-rtmidi cannot be loaded: {report['broken']}"]
    if not report["api"]:
        return [_NOWHERE_ADVICE.get(sys.platform, _LINUX_ADVICE)]
    missing = [kind for kind in ("in", "out") if not report[kind]]
    if any(not wanted[kind] for kind in missing):
        return [_WINDOWS_ADVICE]
    absent = [
        f"There is no MIDI {kind}put {wanted[kind]!r}."
        + did_you_mean(wanted[kind], report[f"{kind}puts"])
        for kind in missing
    ]
    busy = [
        f"The MIDI {kind}put {report[kind]!r} cannot be opened; another program may hold it."
        for kind in report.get("busy", ())
    ]
    return absent + busy
