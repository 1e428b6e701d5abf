"""Pure functions on strings: case folding, slugs, e-mail addresses, limits, word counts."""
