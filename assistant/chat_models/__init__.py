"""Language models that phrase: opening one, asking it within limits, and saying where it is."""
