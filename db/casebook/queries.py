"""Questions about a place: a monitor asks, the nurse answers, whoever may close closes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from db.casebook.reading import OpenStore
from db.clock import read_day
from db.ledger.ledger import Act
from db.ledger.projection import asked, read_query
from db.ledger.roles import rights_of
from forms.errors import Refusal
from forms.place import Place
from forms.record.dataset import Query
from forms.texts import LANGUAGES
from forms.value import Value
from forms.values.kinds import legible

if TYPE_CHECKING:
    from db.casebook.entering import Changes


def open_query(
    casebook: OpenStore, place: Place, text: str, language: str = "en", due: str = "", to: str = ""
) -> Changes:
    """Ask about a place, to be answered by ``due`` (ISO date) by the role ``to``, "" for whoever may answer.

    The words stay in the language they were written in.
    """
    casebook.check_right("query.open")
    if not text.strip() or language not in LANGUAGES:
        raise Refusal("db.query_empty")
    if to and "query.answer" not in rights_of(casebook.study, to):
        raise Refusal("db.query_role", role=to[:40])
    with casebook.writing() as ledger:
        casebook.opened(place.subject)
        question = asked("", {language: legible(text).strip()}, read_day(due), to)
        ledger.append([Act("query_opened", place, Value(value=question))])
        return casebook.done((place,))


def answer_query(casebook: OpenStore, query_id: str, text: str) -> Changes:
    """Answer an open query."""
    return _act(casebook, "query_answered", "query.answer", query_id, text, ("open",))


def close_query(casebook: OpenStore, query_id: str, text: str) -> Changes:
    """Close a query, saying why it is settled."""
    return _act(casebook, "query_closed", "query.close", query_id, text, ("open", "answered"))


def reopen_query(casebook: OpenStore, query_id: str, text: str) -> Changes:
    """Open a closed query again, saying why."""
    return _act(casebook, "query_reopened", "query.open", query_id, text, ("closed", "answered"))


def _act(casebook: OpenStore, act: str, right: str, query_id: str, text: str, from_: tuple[str, ...]) -> Changes:
    casebook.check_right(right)
    if not text.strip():
        raise Refusal("db.query_empty")
    with casebook.writing() as ledger:
        query = _find(casebook, query_id)
        if query.status not in from_:
            raise Refusal("db.query_status", status=query.status)
        ledger.append([Act(act, query.place, why=text.strip(), replaces=query.id)])
        return casebook.done((query.place,))


def _find(casebook: OpenStore, query_id: str) -> Query:
    query = read_query(casebook.connection, query_id)
    if query is None:
        raise Refusal("db.query_unknown", id=query_id[:40])
    return query
