"""How fast the house is: a county laid set-wise, then asked through the real server. A program, not a test."""
