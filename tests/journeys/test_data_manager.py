"""The data manager: brings data in, looks at what does not fit, asks and closes."""

from __future__ import annotations

from forms.place import Place
from tests.journeys.desk import PHRASE, TODAY, visit_begun
from tests.ui.windows import FIRST
from ui.commands import main
from ui.commands.opening import TODAY as CLOCK

HEAD = "subject,event,event_no,form,form_no,row,item,value,unit,missing\n"
SLIP = (("LBPERF", "Y", ""), ("LBDAT", "2024-10-10", ""), ("LBNAM", "LAB1", ""), ("ALT", "31", "U/L"),
        ("BILI", "12.1", "umol/L"), ("BILDIR", "15.0", "umol/L"))  # fmt: skip


def test_data_from_the_laboratory_come_in_and_what_does_not_fit_is_asked(desk, monkeypatch):
    path, file = desk.store(prepare=visit_begun), desk.folder / "day-15.csv"
    lines = [f"{FIRST},C_D15,1,CHEM,1,1,{item},{value},{unit},\n" for item, value, unit in SLIP]
    file.write_text(HEAD + "".join(lines), encoding="utf-8")
    monkeypatch.setenv("CASEBOOK_PASSPHRASE", PHRASE)
    monkeypatch.setenv(CLOCK, TODAY)
    told = ["import", str(path), str(file), "--user", "gao", "--reason", "Laboratory file of day 15"]
    assert desk.aside.ask(lambda: main(told)) == 0

    manager = desk.sit_down("gao", path)
    manager.open_subject(FIRST).open_form("CHEM", "C_D15").go_to("CHEM.BILDIR")
    manager.sees("Direct bilirubin exceeds total bilirubin.", "15.0").press("F9").sees("Gao Yan").press("Escape")
    manager.press("F4").type("Direct above total: which is right?").push("Ask")
    manager.press("Ctrl+3").sees("Direct above total: which is right?")
    manager.go_to("Answer, or why it is settled").type("The slip says 5.1").press("Return", "Return")
    manager.sees("No open queries")
    assert manager.stored(Place(FIRST, "C_D15", "1", "CHEM", "1", "1", "BILDIR")).value == "15.0"
    assert [query.status for query in manager.store(lambda book: book.queries(FIRST))] == ["closed"]
