"""What a lossy file makes of a sound, where ffmpeg is installed: a program apart, no part of ours.

Two processes stand in a row, one that encodes and one that decodes, and the sound goes through
them in blocks: nothing is written to a disk, an hour takes no more memory than a minute, and both
end with the process that feeds them, however that ends.

Encoders put some silence before the sound, and not every stream says how much. So it is measured,
once for each codec and rate, with a short noise; the decoder leaves that much out.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import lru_cache
from threading import Thread, Timer
from typing import IO

import numpy as np

from assistant.material import Audio, Samples
from assistant.steps import result

__all__ = ["CODECS", "Ffmpeg", "find"]

BLOCK_FRAMES = 1 << 16
START_SECONDS = 30.0  # a busy machine takes long to start a program
SECONDS_A_SECOND = 1.0  # of sound: a fraction of this is usual
TELL_SECONDS = 10.0
MAX_TOLD_BYTES = 1 << 18
MISSING_SECONDS = 0.1  # what a stream may lack at its end

RATES_HZ = (44_100, 48_000)
"""What platforms deliver lossy files at; other rates are converted there and back."""

_PROBE_FRAMES = 24_000
_FLOAT_BYTES = 4
_QUALITIES = (-1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10)  # of Vorbis, and the kb/s of stereo they mean
_QUALITY_KBPS = (45, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 500)
_QUIET = ("-nostdin", "-hide_banner", "-loglevel", "quiet", "-threads", "1")


@dataclass(frozen=True)
class _Encoder:
    """How a codec is asked of ffmpeg.

    Parameters
    ----------
    name : str
        Of the encoder.
    stream : str
        Format of the stream, as both sides call it.
    channels : frozenset of int
        Numbers of channels that mean the same on both sides.
    rates_hz : tuple of int
        Those it works at.
    options : tuple of str
        What else it is told.
    """

    name: str
    stream: str
    channels: frozenset[int]
    rates_hz: tuple[int, ...] = RATES_HZ
    options: tuple[str, ...] = ()
    reads: str = ""


CODECS: Mapping[str, _Encoder] = {
    "aac": _Encoder("aac", "adts", frozenset({1, 2, 6}), reads="aac"),
    "mp3": _Encoder(
        *("libmp3lame", "mp3", frozenset({1, 2})),
        options=("-write_xing", "0", "-id3v2_version", "0"),
    ),
    "opus": _Encoder("libopus", "ogg", frozenset({1, 2, 6, 8}), (48_000,)),
    "vorbis": _Encoder("libvorbis", "ogg", frozenset({1, 2, 6, 8})),
}


@dataclass(frozen=True)
class Ffmpeg:
    """Sends a sound through a codec and back.

    Parameters
    ----------
    path : str
        The program.
    """

    path: str
    _delays: dict[tuple[str, int, int, int], int] = field(default_factory=dict, compare=False)

    @property
    def name(self) -> str:
        """What it is."""
        return "ffmpeg"

    @property
    def version(self) -> str:
        """As it says itself, such as ``"5.1.9"``; ``""`` where it does not."""
        said = re.match(r"ffmpeg version (\S+)", _told(self.path, "-version"))
        return said.group(1) if said else ""

    def encoder(self, codec: str, /) -> str:
        """Tell which encoder makes a codec.

        Parameters
        ----------
        codec : str
            One of `CODECS`.

        Returns
        -------
        str
            Such as ``"libmp3lame"``; ``""`` where this ffmpeg was built without one.
        """
        wanted = CODECS[codec].name if codec in CODECS else ""
        had = re.findall(r"^ A\S{5} (\S+)", _told(self.path, "-encoders"), re.MULTILINE)
        return wanted if wanted in had else ""

    def __call__(
        self, audio: Audio, codec: str, kbps: int, scratch: Callable[[tuple[int, ...]], Samples], /
    ) -> Generator[float, None, Audio | None]:
        """Encode a sound and decode it again.

        Parameters
        ----------
        audio : Audio
            Finite. Codecs work at 44.1 or 48 kHz (Opus at 48): another rate is converted there
            and back by ffmpeg, and what lies above is gone.
        codec : str
            One of `CODECS`.
        kbps : int
            Of mono and of stereo; more channels get as much for each two.
        scratch : callable
            Makes the array for what comes back.

        Yields
        ------
        float
            Share that is done.

        Returns
        -------
        Audio or None
            At the rate of the input, as long, and not a frame earlier or later; samples over full
            scale are kept. None where the codec has no such encoder here or takes no so many
            channels, and where it failed or took too long.
        """
        if not self.encoder(codec) or audio.channels not in CODECS[codec].channels:
            return None
        inner = _inner_rate(audio.rate, CODECS[codec].rates_hz)
        delay = self._delay(codec, kbps, inner, audio.channels)
        if delay is None:
            return None
        rates = (audio.rate, inner)
        commands = _commands(self.path, codec, _scaled(kbps, audio.channels), audio.channels, rates)
        return (yield from _through(commands(delay), audio, scratch))

    def _delay(self, codec: str, kbps: int, rate: int, channels: int) -> int | None:
        """Measure how many frames of silence a codec puts before a sound."""
        key = (codec, kbps, rate, channels)
        if key not in self._delays:
            noise = np.random.default_rng(0).normal(0.0, 0.1, (1, _PROBE_FRAMES))
            probe = np.repeat(noise.astype(np.float32), channels, axis=0)
            rates = (rate, rate)
            commands = _commands(self.path, codec, _scaled(kbps, channels), channels, rates)
            heard = result(_through(commands(0), Audio(probe, rate), _zeros))
            if heard is None:
                return None
            self._delays[key] = _lag(probe[0], heard.samples[0])
        return self._delays[key]


def _zeros(shape: tuple[int, ...]) -> Samples:
    return np.zeros(shape, dtype=np.float32)


@lru_cache(maxsize=8)
def _told(path: str, option: str) -> str:
    """Ask ffmpeg about itself; ``""`` where it does not answer in time."""
    try:
        said = subprocess.run(  # noqa: S603 - no shell, and words of our own
            [path, "-hide_banner", option] if option != "-version" else [path, option],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=TELL_SECONDS,
            check=False,
            creationflags=_no_window(),
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return said.stdout[:MAX_TOLD_BYTES].decode("utf-8", "replace")


def _no_window() -> int:
    return int(getattr(subprocess, "CREATE_NO_WINDOW", 0))


def _inner_rate(rate: int, rates: Sequence[int]) -> int:
    """Choose the rate to encode at: the same, one of the same family, or the highest."""
    if rate in rates:
        return rate
    family = (one for one in rates if one % rate == 0 or rate % one == 0)
    return next(family, max(rates))


def _scaled(kbps: int, channels: int) -> int:
    return kbps * max(2, channels) // 2


def _commands(
    path: str, codec: str, kbps: int, channels: int, rates: tuple[int, int]
) -> Callable[[int], tuple[list[str], list[str]]]:
    """Write the two command lines; the second takes the frames that are left out first."""
    told = CODECS[codec]
    outer, inner = rates
    plain = ("-f", "f32le", "-ar", str(outer), "-ac", str(channels))
    quality = float(np.interp(kbps * 2 / max(2, channels), _QUALITY_KBPS, _QUALITIES))
    size = ("-q:a", f"{quality:.2f}") if codec == "vorbis" else ("-b:a", f"{kbps}k")
    encode = [path, *_QUIET, *plain, "-i", "pipe:0", "-ar", str(inner), "-c:a", told.name, *size]
    encode += [*told.options, "-threads", "1", "-f", told.stream, "pipe:1"]

    def both(delay: int) -> tuple[list[str], list[str]]:
        cut = f"atrim=start_sample={delay},asetpts=PTS-STARTPTS,aresample={outer}"
        decode = [path, *_QUIET, "-f", told.reads or told.stream, "-i", "pipe:0", "-af", cut]
        return encode, [*decode, *plain, "pipe:1"]

    return both


def _through(
    commands: tuple[list[str], list[str]],
    audio: Audio,
    scratch: Callable[[tuple[int, ...]], Samples],
) -> Generator[float, None, Audio | None]:
    """Send a sound through both processes; None where either failed."""
    out = scratch(audio.samples.shape)
    seconds = START_SECONDS + SECONDS_A_SECOND * audio.seconds
    try:
        with _row(commands, seconds) as (encoder, decoder):
            feeder = Thread(target=_feed, args=(encoder.stdin, audio), daemon=True)
            feeder.start()
            held = yield from _collect(decoder.stdout, out)
            feeder.join()
            failed = decoder.wait() or encoder.wait()
    except OSError:  # it is there, but cannot be started
        return None
    if failed or held < audio.frames - MISSING_SECONDS * audio.rate:
        return None
    return Audio(out, audio.rate)


@contextmanager
def _row(
    commands: tuple[list[str], list[str]], seconds: float
) -> Iterator[tuple[subprocess.Popen[bytes], subprocess.Popen[bytes]]]:
    """Start both processes, the second reading what the first writes; both are gone at the end."""
    encode, decode = commands
    with _started(encode, subprocess.PIPE) as encoder, _started(decode, encoder.stdout) as decoder:
        if encoder.stdout is not None:
            encoder.stdout.close()  # or the encoder would not notice that the decoder is gone

        def stop() -> None:
            encoder.kill()
            decoder.kill()

        watch = Timer(seconds, stop)
        watch.start()
        try:
            yield encoder, decoder
        finally:
            watch.cancel()
            stop()


def _started(command: list[str], stdin: int | IO[bytes] | None) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - no shell, and no words of the musician's
        command,
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        creationflags=_no_window(),
    )


def _feed(stdin: IO[bytes] | None, audio: Audio) -> None:
    """Write a sound to the encoder, interleaved; it may be gone before it has heard all."""
    if stdin is None:
        return
    with suppress(OSError, ValueError):
        for _, block in audio.blocks(BLOCK_FRAMES):
            stdin.write(block.T.astype("<f4").tobytes())
    with suppress(OSError, ValueError):
        stdin.close()


def _collect(stdout: IO[bytes] | None, out: Samples) -> Generator[float, None, int]:
    """Read what the decoder says, as much as there is room for; return the frames that it was."""
    channels, frames = out.shape
    at = 0
    while stdout is not None:
        data = stdout.read(BLOCK_FRAMES * channels * _FLOAT_BYTES)
        block = np.frombuffer(data, "<f4", len(data) // (channels * _FLOAT_BYTES) * channels)
        end = min(at + block.size // channels, frames)
        out[:, at:end] = block.reshape(-1, channels)[: end - at].T
        at = end
        if not data:
            break
        yield at / frames
    return at


def _lag(sent: Samples, heard: Samples) -> int:
    """Tell how many frames later a noise is heard than it was sent, at least 0."""
    size = 2 * max(len(sent), len(heard))
    spectrum = np.fft.rfft(heard, size) * np.conj(np.fft.rfft(sent, size))
    return int(np.argmax(np.fft.irfft(spectrum, size)[: size // 2]))


@lru_cache(maxsize=1)
def find() -> Ffmpeg | None:
    """Return ffmpeg, or None where it is not installed."""
    path = shutil.which("ffmpeg")
    return Ffmpeg(path) if path else None
