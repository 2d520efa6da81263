"""A reader of alignment archives that was written from docs/golden-format.md alone."""
