"""Imports of book lists."""
