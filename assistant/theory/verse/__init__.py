"""Words to be sung: syllables, stress, and their place under a melody."""
