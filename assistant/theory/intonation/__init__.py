"""How a take was sung, what was meant, and how far to move each note."""
