"""From when a version of the study applies to a subject, and which version judges which of its visits.

A version applies from a day, or from the subject's own re-consent to it, as it declares itself. A visit is judged by
the version that applied on its day, of those that were in force when the visit was begun; a visit that has begun is
never moved, unless a version says that begun visits follow it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from forms.study.definition import Study
from forms.study.names import KNOWN_DEAD
from forms.subject.subject import Subject
from forms.subject.versions import ONE, Versions, Visit
from forms.values.dates import as_day


@dataclass(frozen=True, eq=False)
class StudyInForce:
    """A version that was put in force. ``arrival`` is the position of the act, ``day`` its local date.

    ``name`` are the leading digits of the definition's sha256, as entries carry it; ``approved`` the ISO date on which
    the ethics committee approved it for this site, "" for versions put in force without.
    """

    name: str
    study: Study
    arrival: int
    day: date
    approved: str = ""
    why: str = ""
    who: str = ""

    @property
    def since(self) -> date:
        """The day from which it applies."""
        told = self.study.amendment.since
        return date.fromisoformat(told) if told else self.day


def consent_to(subject: Subject, version: StudyInForce) -> date | None:
    """The day of a subject's re-consent to a version, None while there is none."""
    return as_day(_seen_by(subject, version).evaluate(version.study.amendment.consent))


def is_to_consent(subject: Subject, version: StudyInForce, added: int) -> bool:
    """Whether a subject still has to re-consent; one taken in afterwards (at position ``added``) consents to it first.

    ``added`` 0 stands for a subject that was there before.
    """
    told = version.study.amendment
    if not told.consent or added > version.arrival:
        return False
    seen = _seen_by(subject, version)
    if consent_to(subject, version) is not None or seen.life(KNOWN_DEAD) is True:
        return False
    return not told.who or seen.evaluate(told.who) is True


def _seen_by(subject: Subject, version: StudyInForce) -> Subject:
    if subject.study is version.study:
        return subject
    if version.name in subject.versions.studies:
        return subject.as_of(version.name)
    return replace(subject, study=version.study, versions=ONE, by="", memo=type(subject.memo)())


def start_of(subject: Subject, version: StudyInForce, added: int) -> date | None:
    """The day from which a version applies to a subject, None while it does not."""
    if not version.study.amendment.consent or added > version.arrival:
        return version.since
    consent = consent_to(subject, version)
    return None if consent is None else max(consent, version.since)


def applying_on(subject: Subject, history: Sequence[StudyInForce], added: int, day: date) -> int:
    """Which of the versions, oldest first, applies to a subject on a day."""
    for at in range(len(history) - 1, 0, -1):
        start = start_of(subject, history[at], added)
        if start is not None and start <= day:
            return at
    return 0


def versions_of(subject: Subject, history: Sequence[StudyInForce], stamps: Mapping[Visit, str], added: int) -> Versions:
    """Which version judges what: ``stamps`` names the version of the last entry of each visit that has begun.

    ``subject`` is the subject by the last of the versions. A name that no version has counts as that one.
    """
    if len(history) < 2:
        return ONE
    last = len(history) - 1
    own = max(at for at in range(last + 1) if not at or start_of(subject, history[at], added) is not None)
    follows = max((at for at in range(1, own + 1) if history[at].study.amendment.begun == "follow"), default=0)
    places = {version.name: at for at, version in enumerate(history)}
    visits: dict[Visit, str] = {}
    for visit, stamp in stamps.items():
        at = max(places.get(stamp, last), follows)
        if at != own:
            visits[visit] = _name(history, at)
    needed = {at for at in range(last) if history[at].name in visits.values()} | ({own} if own != last else set())
    studies = {history[at].name: history[at].study for at in needed}
    return Versions(studies, visits, _name(history, own)) if visits or own != last else ONE


def _name(history: Sequence[StudyInForce], at: int) -> str:
    return "" if history[at].name == history[-1].name else history[at].name


def visits_begun(subject: Subject) -> set[Visit]:
    """Visits in which anything stands; logs are none, they go on through the study."""
    logs = {plan.event.id for plan in subject.compiled.events.values() if plan.event.kind == "log"}
    return {
        (place.event, place.event_no)
        for place, value in subject.values.items()
        if not value.blank and place.event and place.event not in logs
    }


def day_items(histories: Iterable[StudyInForce], event: str) -> set[tuple[str, str]]:
    """Items that tell on which day a visit took place, by form and item, in any of the versions."""
    found = set()
    for version in histories:
        known = version.study.event_by_id.get(event)
        form, dot, item = known.date_item.partition(".") if known is not None else ("", "", "")
        if dot:
            found.add((form, item))
    return found
