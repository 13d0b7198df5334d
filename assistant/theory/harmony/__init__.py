"""What a musician knows of chords and keys."""
