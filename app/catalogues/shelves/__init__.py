"""Readers of the lists that people bring along: the exports of other programs, tables and plain text."""
