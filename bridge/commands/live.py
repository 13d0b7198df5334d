"""``bandmate live pitch``: a voice corrected while it is sung, through JACK."""

from __future__ import annotations

import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np

from assistant.errors import SettingError, UnknownName
from assistant.theory.intonation.scale_reading import read_scale
from assistant.theory.intonation.vocal_range import VOICES, range_hz_of
from bridge import presets
from bridge.commands.parser import Parser
from bridge.ports.jack_audio import JackAudio

__all__ = ["main"]

_STAGES = ("pitch",)
_LOWEST_NOTE, _HIGHEST_NOTE = 12.0, 120.0  # MIDI numbers that may be sung
_MOST_SPEED_MS = 1_000.0


def main(words: Sequence[str]) -> int:
    """Correct a voice while it is sung: a JACK client with a port in and a port out."""
    told = _parser().read(words)
    if told.stage not in _STAGES:
        raise UnknownName("stage that works live called", told.stage, _STAGES)
    scale = read_scale(told.key or "chromatic", presets.data("traditions/scales")["scales"])
    strength = _within("strength", told.strength, 100.0, "%")
    speed_ms = _within("speed", told.speed, _MOST_SPEED_MS, "ms")
    client = JackAudio("bandmate pitch")
    from assistant.dsp.live_pitch import HIGHEST_HZ, LOWEST_HZ, LivePitch

    low_hz, high_hz = range_hz_of(told.voice) or (LOWEST_HZ, HIGHEST_HZ)
    effects = [
        LivePitch(
            client.rate, scale.pitches(_LOWEST_NOTE, _HIGHEST_NOTE), strength=strength,
            speed_ms=speed_ms, lowest_hz=low_hz, highest_hz=high_hz,
        )
        for _ in range(2)
    ]  # fmt: skip
    effects[0].push(np.zeros(client.period, dtype=np.float32))  # loads what is loaded once
    latency_ms = 1_000.0 * effects[1].latency / client.rate
    with (
        _stopped_by_signals(client),
        client.through(effects[1], connected=told.connect == "yes"),
    ):
        said = scale.name if told.key else "all twelve notes"
        period_ms = 1_000.0 * client.period / client.rate
        print(
            f"{client.name}: {said}, from {low_hz:.0f} Hz on; {latency_ms:.1f} ms behind,"
            f" and what JACK adds ({period_ms:.1f} ms a period)",
            flush=True,
        )
        client.wait(told.seconds)
    ledger = client.ledger
    print(f"{ledger.blocks} blocks, {ledger.late} of them late; {ledger.xruns} xruns")
    return 0


@contextmanager
def _stopped_by_signals(client: JackAudio) -> Iterator[None]:
    """Let the first Ctrl-C or SIGTERM end the run in order; the second ends the program."""

    def stop(number: int, _: object) -> None:
        signal.signal(number, signal.SIG_DFL)
        client.stop()

    before = {each: signal.signal(each, stop) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _within(name: str, value: float, most: float, unit: str) -> float:
    if not 0.0 <= value <= most:
        raise SettingError(f"{name} is {value:g}; it goes from 0 to {most:g} {unit}.")
    return value


def _parser() -> Parser:
    parser = Parser("live", main.__doc__)
    add = parser.add_argument
    add("stage", help="pitch is the one there is")
    add("--key", default="", help='notes to sing: "A minor", "E blues", "A C D E G" (all twelve)')
    add("--voice", default="auto", choices=VOICES, help="the lower it goes, the later (auto)")
    add(
        "--speed", type=float, default=30.0, metavar="MS", help="how long most of a step takes (30)"
    )
    add("--strength", type=float, default=100.0, metavar="PERCENT", help="how much of it (100)")
    add("--seconds", type=float, help="how long (until Ctrl-C)")
    add("--connect", default="no", choices=("yes", "no"), help="to the sound card (no)")
    return parser
