from app.rules.shelf.row import Fault, Intent, ShelfRow


def test_a_row_says_nothing_that_its_list_does_not_say():
    row = ShelfRow(7, title="三体")

    assert (row.isbn, row.authors, row.year, row.intent, row.condition) == (None, (), None, Intent.NOTHING, None)


def test_a_row_with_a_number_or_a_title_can_be_looked_up():
    assert ShelfRow(1, isbn="9787536692930").is_lookable
    assert ShelfRow(2, title="三体").is_lookable


def test_a_row_with_a_fault_or_without_anything_cannot_be_looked_up():
    assert not ShelfRow(1, said="9787536692931", reason=Fault.WRONG_CHECK_DIGIT).is_lookable
    assert not ShelfRow(2).is_lookable


def test_the_words_of_the_enumerations_are_text_that_can_be_stored():
    assert all(str(word) == word.value and len(word) <= 20 for word in (*Intent, *Fault))
