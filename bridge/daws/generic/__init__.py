"""Any other DAW, or a bare OSC controller: it is shown what is going on, and the rest by hand."""
