import pytest

from app.catalogues.files.list_files import BookLine, PassedLine, RejectedLine, UnreadableFile

HEADER = "ISBN13, Title ,authors,publisher,extra\n"
ROW = "9787536692930,三体,刘慈欣,重庆出版社,x\n"


@pytest.fixture
def read(read_table):
    """Read a text, or bytes, as the table that it is."""
    return lambda text, written="utf-8", **options: read_table(
        text if isinstance(text, bytes) else text.encode(written), **options
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_encoding_is_found_out_and_the_columns_go_by_name(read, encoding, end):
    text = ("publisher,title,isbn,authors\n重庆出版社,三体,7-5366-9293-5,刘慈欣|某人\n").replace("\n", end)
    (line,) = read(text, encoding)
    (book,) = line.records
    assert (book.isbn, book.title, book.publisher) == ("9787536692930", "三体", "重庆出版社")
    assert book.authors == ("刘慈欣", "某人")


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("9787536692930,三体,刘慈欣,重庆出版社,x,y\n", "more cells"),
        ("9787536692931,三体,刘慈欣,重庆出版社,x\n", "column ISBN13: '9787536692931' is not a valid ISBN"),
        (",三体,刘慈欣,重庆出版社,x\n", "no ISBN"),
        ("9787536692930,  ,刘慈欣,重庆出版社,x\n", "no title"),
        ('9787536692930,"三体"x,刘慈欣,重庆出版社,x\n', "','"),
        (f"9787536692930,{'三' * 5001},,,\n", "title has 5001 characters"),
        (f"9787536692930,三体,{'|'.join(['刘慈欣'] * 101)},,\n", "101 authors"),
        (f"9787536692930,三体,{'刘' * 251},,\n", "a name has more than 250 characters"),
        (b"9787536692930,\xff\xfe,,,\n", "not utf-8"),
    ],
)
def test_a_bad_row_is_named_and_the_rows_around_it_are_read(read, row, reason):
    bad = row if isinstance(row, bytes) else row.encode()
    before, found, after = read(HEADER.encode() + ROW.encode() + bad + ROW.encode())
    assert isinstance(before, BookLine)
    assert isinstance(found, RejectedLine)
    assert found.number == 3
    assert reason in found.reason
    assert isinstance(after, BookLine)


def test_a_quote_left_open_does_not_swallow_the_file_silently(read):
    lines = read(HEADER + ROW + '9787536692930,"三体,刘慈欣,重庆出版社,x\n' + ROW)
    assert [type(line) for line in lines] == [BookLine, RejectedLine]
    assert lines[1] == RejectedLine(4, "unexpected end of data (lines 3 to 4)")


def test_blank_rows_hold_no_book_and_cells_may_have_several_lines(read):
    lines = read(HEADER + "\n" + '9787536692930,"三\n体",,,\n')
    assert [type(line) for line in lines] == [PassedLine, BookLine]
    assert lines[1].number == 4
    assert lines[1].records[0].title == "三 体"


def test_a_start_skips_what_was_read_before(read):
    assert [line.number for line in read(HEADER + ROW * 3, start=3)] == [4]


@pytest.mark.parametrize("head", ["", "title\n", "isbn\n", '"title,isbn\n', b"\xff\xfet\x00\n"])
def test_a_file_whose_header_names_no_books_is_refused(read, head):
    with pytest.raises(UnreadableFile):
        read(head)


def test_gb18030_can_be_named_when_the_first_line_looks_like_utf_8(read):
    text = HEADER + ROW
    assert read(text, "gb18030", encoding="gb18030")[0].records[0].title == "三体"
