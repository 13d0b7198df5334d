"""Takes heard, decided and corrected: where theory and dsp meet for the pitch stage."""
