"""Outside catalogues that are asked over HTTP."""
