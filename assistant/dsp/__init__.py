"""What an engineer knows: loudness, true peak, limiting, simple voices."""
