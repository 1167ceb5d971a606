"""The front page, and what a site has around its pages."""
