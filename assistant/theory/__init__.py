"""What a musician knows: scales, chords, voicings, rhythm."""
