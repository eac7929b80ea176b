"""Study files damaged at random: whatever comes of them, it is told in words and never as an error of the program."""

import random
import shutil
from pathlib import Path

import pytest

from forms.authoring.load import check_study, read_study
from forms.study.canonical import dump
from resources import folder

PIECES = (
    *(
        "[",
        "]",
        "{",
        "}",
        ": ",
        "- ",
        "\t",
        "'",
        '"',
        "&a ",
        "*a",
        "!!int ",
        "<<: *a",
        "|",
        ">",
        "#",
        "~",
        "null",
        "\n",
    ),
    *(
        "\x00",
        "\ud7ff",
        "é",
        "一",
        "🙂",
        "1e999",
        "-0",
        "NaN",
        "99999999999999999999",
        "[" * 200,
        "(" * 300,
        "$",
        "over",
    ),
    *(
        "((((a+)+)+)+)$",
        "{9999999}",
        "../../x",
        "sum(1 over AE)",
        "not not not ",
        "if ",
        "then ",
        "else ",
        "'Y'",
        "VS.",
    ),
)


def damaged(text: str, chance: random.Random) -> str:
    """A text with a few pieces put in, taken out, doubled or put elsewhere."""
    for _ in range(chance.choice((1, 1, 2, 5, 20))):
        at = chance.randrange(len(text) + 1)
        upto = min(len(text), at + chance.choice((1, 3, 20, 200)))
        how = chance.randrange(5)
        if how == 0:
            text = text[:at] + chance.choice(PIECES) + text[at:]
        elif how == 1:
            text = text[:at] + text[upto:]
        elif how == 2:
            text = text[:upto] + text[at:]
        elif how == 3:
            text = text[:at] + chance.choice(PIECES) + text[upto:]
        else:
            lines = text.split("\n")
            line = chance.randrange(len(lines))
            lines.insert(chance.randrange(len(lines) + 1), lines.pop(line))
            text = "\n".join(lines)
    return text


def told(place: Path) -> int:
    """How many faults a definition has, each with file and line and words in both languages."""
    faults = check_study(place)
    for fault in faults:
        assert fault.file
        assert fault.line >= 1
        assert fault.text["en"]
        assert fault.text["zh"]
    if not faults:
        dump(read_study(place))
    return len(faults)


def walk(tmp_path: Path, source: Path, seed: int, times: int) -> int:
    """How many of so many damaged copies were at fault."""
    chance = random.Random(seed)
    files = sorted(path for path in source.rglob("*.yaml"))
    at_fault = 0
    for _ in range(times):
        place = tmp_path / "study"
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(source, place, ignore=shutil.ignore_patterns("demo", "*.csv"))
        path = place / chance.choice(files).relative_to(source)
        words = damaged(path.read_text(encoding="utf-8"), chance)
        path.write_text(words, encoding="utf-8", errors="surrogatepass")
        at_fault += told(place) > 0
    return at_fault


SMALL = Path(__file__).parents[1] / "studies" / "fourth"


def test_a_small_study_damaged_at_random_is_told_in_words(tmp_path):
    assert 50 < walk(tmp_path, SMALL, 1, 100) < 100


@pytest.mark.slow
@pytest.mark.parametrize(
    ("source", "times"),
    [(SMALL, 600), (folder("studies", "ankl"), 250), (folder("studies", "hlh_pediatric"), 150)],
    ids=["small", "ankl", "hlh_pediatric"],
)
def test_a_thousand_damaged_studies_are_told_in_words(tmp_path, source, times):
    assert times / 2 < walk(tmp_path, source, 2, times) < times
