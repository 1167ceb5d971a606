"""The front page, and what a site has besides its pages."""
