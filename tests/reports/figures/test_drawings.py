from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reportlab.graphics.shapes import Image, String

from reports.figures.axes import decade_ticks, even_ticks, tick_text, ticks
from reports.figures.bars import Bar, draw_bars
from reports.figures.flow import FlowBox, FlowStep, draw_flow
from reports.figures.forest import ForestLine, draw_forest
from reports.figures.survival import draw_survival
from reports.figures.swimmer import MarkLegend, Swimmer, draw_swimmers
from reports.figures.trends import Dot, Panel, TrendLine, draw_panel
from reports.paper.page import HEIGHT
from reports.paper.style import SIZE_SMALL, width_of
from reports.statistics.survival import Observation, kaplan_meier


def words(drawing):
    return [shape for shape in drawing.contents if isinstance(shape, String)]


def check_drawing(drawing):
    """All text lies on the drawing, none is smaller than the smallest size, nothing is a picture."""
    for shape in words(drawing):
        bold = shape.fontName.endswith("Bold")
        assert shape.x >= -0.5
        assert shape.x + width_of(shape.text, shape.fontSize, bold) <= drawing.width + 0.5, shape.text
        assert -0.5 <= shape.y <= drawing.height
        assert shape.fontSize >= SIZE_SMALL
    assert not [shape for shape in drawing.contents if isinstance(shape, Image)]


@given(st.floats(0.01, 5000))
def test_ticks_begin_at_nothing_and_reach_the_longest_time(highest):
    found = ticks(highest)
    assert found[0] == 0
    assert found[-1] >= highest * (1 - 1e-9)


@given(st.floats(1e-3, 1e6), st.floats(1, 1e5))
def test_logarithmic_ticks_cover_every_value(low, times):
    found = decade_ticks(low, low * times)
    assert found[0] <= low * (1 + 1e-6)
    assert found[-1] >= low * times * (1 - 1e-6)
    assert found == sorted(set(found))


def test_even_ticks_are_round():
    assert even_ticks(-3, 41) == [-10, 0, 10, 20, 30, 40, 50]
    assert tick_text(2.5) == "2.5"
    assert tick_text(10_000_000) == "1e7"


def curve(*pairs):
    return kaplan_meier([Observation(Decimal(time), event, str(at)) for at, (time, event) in enumerate(pairs)])


@pytest.mark.parametrize(
    "pairs", [(), ((30, False),), ((24, True),), ((0, True), (0, False)), ((85, True), (274, False))]
)
def test_a_survival_figure_of_few_or_no_patients_is_drawn(pairs):
    drawing = draw_survival(
        [("A", curve(*pairs))], language="en", width=480, divisor=Decimal("30.4375"), axis="Months", measure="OS, %",
        summary=["Events"],
    )  # fmt: skip
    check_drawing(drawing)


def test_two_groups_have_their_own_lines_of_numbers():
    curves = [("First", curve((30, True), (90, False))), ("Second", curve((10, True), (100, False)))]
    drawing = draw_survival(
        curves, language="en", width=480, divisor=Decimal("30.4375"), axis="Months", measure="OS, %"
    )
    check_drawing(drawing)
    texts = [shape.text for shape in words(drawing)]
    assert texts.count("At risk") == 2
    assert {"First", "Second"} <= set(texts)


@pytest.mark.parametrize("count", [0, 1, 60])
def test_all_names_of_a_swimmer_plot_are_legible_on_one_page(count):
    swimmers = [
        Swimmer(f"S01-{at:03d}", at / 7, at % 2 == 0, ((0, 0.7),), ((0, at / 9), (1, at / 9))) for at in range(count)
    ]
    legend = [MarkLegend("diamond", "Transplantation"), MarkLegend("cross", "Death")]
    drawing = draw_swimmers(swimmers, legend, [], width=480, axis="Months", cycle_word="Cycle", ongoing_word="Alive")
    check_drawing(drawing)
    assert drawing.height < HEIGHT - 40
    assert sum(shape.text.startswith("S01-") for shape in words(drawing)) == count


def test_the_counts_of_a_bar_stand_in_it():
    drawing = draw_bars(
        [Bar("After", (4, 1, 1), "5/6"), Bar("Later", (0, 0, 0), "NE")], ["a", "b", "c"], width=480, axis="%"
    )
    check_drawing(drawing)
    assert [shape.text for shape in words(drawing)].count("1") == 2


def test_a_long_reason_is_wrapped_inside_its_box():
    steps = [
        FlowStep((FlowBox(("Enrolled (n = 7)",)),)),
        FlowStep(
            (FlowBox(("A very long name of a set that needs more than one line " * 2,)),), FlowBox(("Left", "x " * 90))
        ),
        FlowStep(tuple(FlowBox((f"{at}/7", "Some outcome in words")) for at in range(5)), title="Outcome"),
    ]
    check_drawing(draw_flow(steps, width=499))


def test_no_word_is_cut_in_a_row_of_narrow_boxes():
    names = ("Transplantation", "Died before", "Progressive disease")
    boxes = tuple(FlowBox(("1/34 (2.9)", names[at % 3])) for at in range(7))
    drawing = draw_flow([FlowStep(boxes, title="Outcome")], width=499)
    check_drawing(drawing)
    shown = [shape.text for shape in words(drawing)]
    assert shown.count("Transplantation") == 3
    assert shown.count("Progressive") == 2


@pytest.mark.parametrize("dots", [(), (Dot(0, 5.0),), (Dot(-1, 500.0, True), Dot(3, 0.0), Dot(9, 120000.0))])
def test_a_panel_of_no_one_or_extreme_results_is_drawn(dots):
    panel = Panel("EBV-DNA", (TrendLine("S01-001", 0, dots),), log=True, limit=1.0)
    check_drawing(draw_panel(panel, width=240, height=140, axis="weeks", many=12))


def test_a_forest_shows_every_group_with_its_numbers_and_the_rate_of_everyone():
    entries = [
        ForestLine("All patients", "36/52, 69.2 % (54.9–81.3)", 69.2, 54.9, 81.3),
        ForestLine("Etiology at enrolment", "P = 0.009", heading=True),
        ForestLine("EBV-HLH", "21/24, 87.5 % (67.6–97.3)", 87.5, 67.6, 97.3),
        ForestLine("CAEBV-HLH", "3/10, 30.0 % (6.7–65.2)", 30.0, 6.7, 65.2),
        ForestLine("Nobody"),
    ]
    drawing = draw_forest(entries, 69.2, width=480, axis="Patients responding, %")
    check_drawing(drawing)
    said = [shape.text for shape in words(drawing)]
    assert all(entry.name in said and (not entry.numbers or entry.numbers in said) for entry in entries)


def test_a_legend_of_many_parts_goes_on_in_a_further_line():
    parts = [
        f"{code} a response class with a long name" for code in ("CR", "PR", "NR", "PD", "REL", "HSCT", "DEAD", "NE")
    ]
    drawing = draw_bars([Bar("Week 2", (1, 2, 3, 4, 5, 6, 7, 8), "3/36")], parts, width=480, axis="%")
    check_drawing(drawing)
    assert {shape.text for shape in words(drawing)} >= set(parts)
