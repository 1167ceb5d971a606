"""Tools for making files that are part of the project; the site does not need them."""
