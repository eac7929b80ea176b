"""Names the program knows: by these it finds in a definition what it must understand. Everything else is the author's.

Items are known by their CDASH name (``cdash`` in the definition, see `forms.study.definition.Form.called`), so a study
names its items as it likes. docs/study_authors.md has the list for authors.
"""

from __future__ import annotations

FIRST_DOSE, SEX, BIRTH = "first_dose", "sex", "birth"
FOR_GRADES = (FIRST_DOSE, SEX, BIRTH)
"""Facts by which ranges are chosen and a baseline is found; a study that grades names its own so."""

STATUS, AGE, CYCLE, CYCLE_DAY = "status", "age", "cycle", "cycle_day"
WEIGHT, BSA, WORST_GRADE = "weight", "bsa", "worst_open_grade"
STRATUM, HSCT_DAY = "stratum", "hsct_day"
"""Facts that the list of subjects and the band above every form show when a study has them."""

INITIALS = "SUBJINIT"
"""CDASH: initials of a subject, compared before another is added."""

LABORATORY = "LBNAM"
"""CDASH: the laboratory whose limits apply to a form."""

OCCURRED = "SVOCCUR"
"""CDASH: whether a visit took place; `NO` makes it a missed one."""

AE_TERM, AE_WORDS, AE_GRADE, AE_START, AE_SERIOUS = "AEDECOD", "AETERM", "AETOXGR", "AESTDAT", "AESER"
"""CDASH: an adverse event's CTCAE term, own words, grade, first day and whether it is serious (`YES`)."""

AE_AWARE, AE_REPORTED = "AEAWARE", "AEREPDAT"
"""When the site learned of a serious event and when it was reported; CDASH has no names for these, so they are ours."""

EVENT_NUMBER, REPORT_NUMBER = "AESNO", "SAENO"
"""The number of a serious event in the log, and on the form that reports it."""

VERIFICATION = "source_verification"
"""Setting: ``all`` asks that every form is verified against the source before the database is locked."""

AE_END, AE_OUTCOME, FATAL = "AEENDAT", "AEOUT", "AESDTH"
"""CDASH: an adverse event's last day, how it ended (`FATAL`) and whether it was serious by death (`YES`)."""

DEATH_DAY, DEATH_CAUSE = ("DTHDAT", "DDDAT"), "DDORRES"
"""CDASH: day and cause of death, on the form of domain DD."""

DISPOSITION, SURVIVAL = "DSDECOD", "SSORRES"
"""CDASH: why treatment or study ended, and what a call found (`DEAD`, `ALIVE`)."""

LAST_SEEN, KNOWN_DEAD = "last_seen", "known_dead"
"""Words of the expression language, worked out by `forms.subject.life`."""

LIFE = "!"
"""Stands before such a word where it is kept beside the facts of a study."""

DECISION = "IEYN"
"""CDASH: whether the subject is eligible, the question after all criteria."""

YES, NO = "Y", "N"
"""CDISC code list NY."""

TREATED = "safety"
"""Analysis set whose members had study drug; safety and exposure count it."""

DEATH = "death"
"""Milestone: the day of death."""

BASELINE_SAME_DAY = "baseline_same_day"
"""Setting: `no` keeps results of the day of first dose out of the baseline."""

REPORT_HOURS = "sae_hours"
"""Setting: hours within which a serious event is reported, 24 without it."""

REASON_FOR_CHANGE = "reason_for_change"
"""Setting: `always` asks a reason for every correction."""
