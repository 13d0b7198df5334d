"""What a sound file is: its headers, its chunks, decoding and encoding."""
