from app.search.text.version import normaliser_version


def test_the_version_names_the_library_that_the_table_comes_from():
    assert "opencc-" in normaliser_version()
