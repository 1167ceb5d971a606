"""How texts are prepared for indexing and searching."""
