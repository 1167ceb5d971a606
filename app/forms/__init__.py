"""The shape of input: required, length, format."""
