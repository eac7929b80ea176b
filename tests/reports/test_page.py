import io

import pytest
from pypdf import PdfReader
from reportlab.platypus import PageBreak, Paragraph, Spacer

from reports.paper.page import HEIGHT, WIDTH, Contents, Heading, PageFacts, render_document, short_tip
from reports.paper.style import paragraph_style
from reports.paper.tables import Column, TableCell, TableRow, draw_table, row

FACTS = PageFacts("en", "Title of it", "Study X", "S01-001", "Data cut-off: none", "Versions here", "Position there")


def read(data):
    return PdfReader(io.BytesIO(data))


def texts(data):
    return [page.extract_text() for page in read(data).pages]


def three_pages():
    story = [Contents([("one", "First"), ("two", "Second")])]
    for key, title in (("one", "First"), ("two", "Second")):
        story += [PageBreak(), Heading(title, 0, key, "en"), Paragraph("Body", paragraph_style("text"))]
    return render_document(FACTS, story)


def test_every_page_says_its_number_the_total_and_whose_it_is():
    for at, text in enumerate(texts(three_pages()), 1):
        assert f"Page {at}" in text
        assert "of 3" in text
        for words in ("Study X", "S01-001", "Data cut-off: none", "Versions here", "Position there"):
            assert words in text


def test_contents_name_the_page_of_each_heading():
    lines = texts(three_pages())[0].split()
    assert "2" in lines
    assert "3" in lines


def test_headings_become_bookmarks_and_the_document_has_title_and_language():
    pdf = read(three_pages())
    assert [entry.title for entry in pdf.outline] == ["First", "Second"]
    assert pdf.metadata.title == "Title of it"
    assert pdf.trailer["/Root"]["/Lang"] == "en"
    assert pdf.trailer["/Root"]["/ViewerPreferences"]["/DisplayDocTitle"]


def test_the_same_story_gives_the_same_bytes():
    assert three_pages() == three_pages()


def test_all_fonts_are_embedded():
    for page in read(three_pages()).pages:
        for font in page["/Resources"]["/Font"].values():
            assert "/FontFile2" in font.get_object()["/FontDescriptor"].get_object()


def test_a_tip_is_printed_in_groups_of_four():
    assert short_tip("0123456789abcdef0000") == "0123 4567 89ab cdef"
    assert short_tip("") == "–"


COLUMNS = (Column("Name", wrap=True), Column("Value", "point"))


def test_a_long_table_repeats_caption_and_head_on_each_page():
    rows = [row(f"row {number}", "1.5") for number in range(150)]
    pages = texts(render_document(FACTS, [draw_table(COLUMNS, rows, language="en", title="Table 1. Long")]))
    assert len(pages) > 2
    assert all("Name" in page and "Table 1. Long" in page for page in pages)
    assert "(continued)" not in pages[0]
    assert all("(continued)" in page for page in pages[1:])
    assert all(f"row {number}\n" in "\n".join(pages) for number in range(150))


def test_a_text_longer_than_a_page_is_printed_whole():
    words = " ".join(f"word{number}" for number in range(4000))
    pages = texts(render_document(FACTS, [draw_table(COLUMNS, [row(words, "1")], language="en")]))
    together = " ".join(pages).split()
    assert all(f"word{number}" in together for number in (0, 1999, 3999))


@pytest.mark.parametrize("long_one", [80, 700, 900, 1500, 4000])
def test_a_text_longer_than_a_page_in_the_last_row_keeps_no_note_from_being_printed(long_one):
    words = " ".join(f"word{number}" for number in range(long_one))
    narrow = (Column("No.", width=40), Column("Term", width=70, wrap=True), *(Column("x", width=90) for _ in range(4)))
    rows = [row("1", "fever"), row("2", words)]
    table = draw_table(narrow, rows, language="en", title="Table 1", note="A note below")
    together = " ".join(texts(render_document(FACTS, [table]))).replace("\n", " ")
    assert "A note below" in together
    assert f"word{long_one - 1}" in together


def test_an_empty_table_says_that_nothing_is_recorded():
    assert "Nothing recorded" in texts(render_document(FACTS, [draw_table(COLUMNS, [], language="en")]))[0]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_groups_notes_and_looks_are_printed(language):
    rows = [TableRow(("Group",), "group"), row(TableCell("bold", bold=True), "NE", kind="indent"), row("plain", "<0.5")]
    facts = PageFacts(language, "t", "s", "a", "c", "v", "p")
    text = texts(render_document(facts, [draw_table(COLUMNS, rows, language=language, note="A note 注")]))[0]
    assert all(word in text for word in ("Group", "bold", "NE", "plain", "<0.5", "A note 注"))


def test_numbers_stand_at_the_point():
    rows = [row("a", "12.25"), row("b", "3.5"), row("c", "100")]
    page = read(render_document(FACTS, [draw_table(COLUMNS, rows, language="en")])).pages[0]
    ends = {}

    def visit(text, matrix, text_matrix, font, size):
        if text.strip() in ("12.25", "3.5", "100"):
            from reports.paper.style import width_of

            whole = text.strip().split(".")[0]
            ends[text.strip()] = text_matrix[4] + matrix[4] + width_of(whole)

    page.extract_text(visitor_text=visit)
    assert len(ends) == 3
    assert max(ends.values()) - min(ends.values()) < 0.01


@pytest.mark.parametrize(("rows", "parts"), [(2, 0), (8, 0), (40, 2)])
def test_a_short_table_stays_on_one_page(rows, parts):
    columns = (Column("What"), Column("How many", "right"))
    table = draw_table(
        columns, [row(f"line {at}", str(at)) for at in range(rows)], language="en", title="A table", note="N"
    )
    _, height = table.wrap(WIDTH, 5000)
    assert len(table.split(WIDTH, height * 2 / 3)) == parts


def test_a_heading_goes_to_the_next_page_with_a_table_that_stays_whole():
    columns = (Column("What"), Column("How many", "right"))
    table = draw_table(columns, [row(f"line {at}", str(at)) for at in range(8)], language="en", title="A table")
    story = [Spacer(1, HEIGHT - 170), Heading("Safety", 0, "safety", "en"), table]
    first, second = texts(render_document(FACTS, story))
    assert "Safety" not in first
    assert second.index("Safety") < second.index("line 0")
