"""The pictures that chat programs show with a link to this site, drawn here."""
