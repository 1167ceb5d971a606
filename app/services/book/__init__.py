"""Books: finding, storing, looking up elsewhere, covers."""
