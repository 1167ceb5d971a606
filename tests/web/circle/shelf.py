"""Reading the shelf of a circle."""


def shelved_titles(page):
    """Return the titles on the shelf, in their order."""
    return [title.get_text() for title in page.select("section[aria-labelledby=circle-shelf] .book-title")]
