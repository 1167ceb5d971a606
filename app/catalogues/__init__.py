"""Outside book catalogues: bytes in, `BookRecord` out, never longer than the deadline."""
