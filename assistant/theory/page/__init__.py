"""Music on paper: bars, notes, lead sheets."""
