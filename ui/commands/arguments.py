"""Which commands there are and what each takes. ``module`` and ``verb`` name the function that runs one."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from forms.texts import LANGUAGES, say
from ui.commands.console import SafeParser
from ui.commands.language import translate_parser

if TYPE_CHECKING:
    from datetime import date

CTCAE_VERSIONS = ("4.03", "5.0", "6.0")
COMMANDS = (
    "demo",
    "study",
    "new",
    "import",
    "export",
    "report",
    "grade",
    "ctcae",
    "verify",
    "backup",
    "restore",
    "redact",
    "guide",
    "bench",
    "diagnostics",
    "update",
    "window",
)


def read_arguments(argv: list[str], language: str) -> Namespace:
    """Parse the command line; without a command word it means the window. Raises SystemExit as argparse does."""
    translate_parser(language)
    asks = any(word in ("-h", "--help", "--version") for word in argv)
    if not asks and (not argv or argv[0] not in COMMANDS):
        argv = ["window", *argv]
    return Declaration(language, argv[0]).root.parse_args(argv)


class Declaration:
    """The parser, its words in one language: of everything, or of what stands beside a command that is known.

    The list of reports alone loads half the program; who opens the window shall not wait for it.
    """

    def __init__(self, language: str, command: str = "") -> None:
        self.language = language
        self.root = SafeParser(
            prog="main.py", description=self.words("about"), epilog=self.words("epilog"), allow_abbrev=False
        )
        self.root.add_argument("--version", action="version", version=app_version())
        self.commands = self.root.add_subparsers(metavar="COMMAND", required=True)
        beside = {
            self.declare_window: ("window",),
            self.declare_demo: ("demo",),
            self.declare_studies: ("study",),
            self.declare_stores: ("new", "import", "export", "verify", "backup", "restore", "redact"),
            self.declare_reports: ("report",),
            self.declare_storeless: ("grade", "ctcae", "guide", "bench"),
            self.declare_care: ("diagnostics", "update"),
        }
        known = command in COMMANDS
        for declare, commands in beside.items():
            if not known or command in commands:
                declare()

    def words(self, key: str) -> str:
        """Help text of an argument or command."""
        return say(self.language, f"commands.help.{key}").replace("%", "%%")

    def command(self, name: str, module: str, verb: str, group: Any = None, *, said: str = "") -> ArgumentParser:
        """Declare one command; ``group`` is the list it belongs to, the first level when None."""
        said = said.replace("%", "%%") or self.words(f"{module}.{verb}")
        parser: ArgumentParser = (group or self.commands).add_parser(
            name, help=said, description=said, allow_abbrev=False
        )
        parser.set_defaults(module=module, verb=verb)
        parser.add_argument("--language", choices=LANGUAGES, default=self.language, help=self.words("language"))
        return parser

    def group(self, name: str, key: str = "") -> Any:
        """Declare a command that has commands of its own; ``key`` names its help text when it isn't the name."""
        said = self.words(key or name)
        parser = self.commands.add_parser(name, help=said, description=said, allow_abbrev=False)
        return parser.add_subparsers(metavar="COMMAND", required=True)

    def store(self, parser: ArgumentParser) -> None:
        """A store to open, and who opens it."""
        parser.add_argument("store", type=Path, metavar="STORE", help=self.words("store"))
        parser.add_argument("--user", required=True, metavar="NAME", help=self.words("user"))

    def declare_window(self) -> None:
        """The window on a store, or on the page that asks for one."""
        window = self.command("window", "window", "open_store_window")
        window.add_argument("store", nargs="?", type=Path, metavar="STORE", help=self.words("store"))
        window.add_argument("--user", default="", metavar="NAME", help=self.words("user"))

    def declare_demo(self) -> None:
        """The window on a demonstration, or a demonstration in a folder."""
        demo = self.command("demo", "demo", "demonstrate")
        demo.add_argument("--headless", type=Path, metavar="DIR", help=self.words("headless"))
        demo.add_argument("--study", default="ankl", metavar="ID", help=self.words("demo_study"))
        demo.add_argument("--fresh", action="store_true", help=self.words("fresh"))

    def declare_studies(self) -> None:
        """Commands on definitions."""
        studies = self.group("study")
        self.command("list", "study", "list_studies", studies)
        check = self.command("check", "study", "check", studies)
        check.add_argument("source", metavar="FILE_OR_ID", help=self.words("definition"))
        export = self.command("export", "study", "export", studies)
        export.add_argument("source", metavar="ID", help=self.words("definition"))
        export.add_argument("--format", required=True, metavar="FORMAT", help=self.words("study_format"))
        export.add_argument("--out", required=True, type=Path, metavar="FILE", help=self.words("out"))
        paper = self.command("print", "study", "print_form", studies)
        paper.add_argument("source", metavar="ID", help=self.words("definition"))
        paper.add_argument("--out", required=True, type=Path, metavar="F.pdf", help=self.words("out"))
        paper.add_argument("--annotated", action="store_true", help=self.words("annotated"))
        preview = self.command("preview", "preview", "open_preview", studies)
        preview.add_argument("source", metavar="FILE_OR_ID", help=self.words("definition"))
        bring = self.command("import", "study", "bring", studies)
        bring.add_argument("source", metavar="FILE", help=self.words("definition"))
        diff = self.command("diff", "amending", "show_difference", studies)
        diff.add_argument("old", metavar="OLD", help=self.words("definition"))
        diff.add_argument("new", metavar="NEW", help=self.words("definition"))
        self._declare_amending(studies)

    def _declare_amending(self, studies: Any) -> None:
        amend = self.command("amend", "amending", "amend_store", studies)
        self.store(amend)
        amend.add_argument("folder", metavar="FOLDER", help=self.words("definition"))
        amend.add_argument("--dry-run", action="store_true", help=self.words("amend_dry_run"))
        amend.add_argument("--ethics", default="", metavar="DATE", help=self.words("ethics"))
        amend.add_argument("--reason", default="", metavar="TEXT", help=self.words("amend_reason"))
        amend.add_argument("--accept", action="store_true", help=self.words("amend_accept"))
        amend.add_argument("--out", type=Path, metavar="F.csv", help=self.words("amend_out"))

    def declare_stores(self) -> None:
        """Commands on stores: make, bring data in, take data out, prove, keep safe."""
        new = self.command("new", "store", "new")
        self.store(new)
        new.add_argument("--study", required=True, metavar="ID", help=self.words("definition"))
        new.add_argument("--site", required=True, metavar="CODE", help=self.words("site"))
        new.add_argument("--role", default="", metavar="ROLE", help=self.words("role"))
        bring = self.command("import", "exchange", "bring")
        self.store(bring)
        bring.add_argument("file", type=Path, metavar="FILE.csv", help=self.words("csv"))
        bring.add_argument("--dry-run", action="store_true", help=self.words("dry_run"))
        bring.add_argument("--reason", default="", metavar="TEXT", help=self.words("reason"))
        bring.add_argument("--accept-unparsed", action="store_true", help=self.words("accept_unparsed"))
        bring.add_argument("--clear", action="store_true", help=self.words("clear"))
        bring.add_argument("--new-subjects", action="store_true", help=self.words("new_subjects"))
        bring.add_argument("--list", action="store_true", help=self.words("list_changes"))
        export = self.command("export", "exchange", "export")
        self.store(export)
        export.add_argument("--format", required=True, metavar="FORMAT", help=self.words("format"))
        export.add_argument("--out", required=True, type=Path, metavar="PATH", help=self.words("out"))
        export.add_argument(
            "--as-of", default="", type=self.an_instant, metavar="POSITION_OR_TIME", help=self.words("as_of")
        )
        verify = self.command("verify", "store", "verify")
        self.store(verify)
        verify.add_argument("--anchor", default="", metavar="TIP", help=self.words("anchor"))
        verify.add_argument("--root", default="", metavar="FINGERPRINT", help=self.words("root"))
        verify.add_argument("--full", action="store_true", help=self.words("full"))
        backup = self.command("backup", "store", "backup")
        self.store(backup)
        backup.add_argument("destination", type=Path, metavar="DEST", help=self.words("destination"))
        restore = self.command("restore", "store", "restore")
        restore.add_argument("backup", type=Path, metavar="BACKUP", help=self.words("backup_source"))
        self.store(restore)

        self.declare_removal()

    def declare_removal(self) -> None:
        """The removal of a text by two people."""
        redact = self.command("redact", "redact", "redact")
        self.store(redact)
        redact.add_argument("--subject", default="", metavar="ID", help=self.words("redact_subject"))
        redact.add_argument("--item", default="", metavar="ITEM", help=self.words("redact_item"))
        redact.add_argument("--propose", default="", metavar="ENTRY", help=self.words("redact_propose"))
        redact.add_argument("--reason", default="", metavar="TEXT", help=self.words("redact_reason"))
        redact.add_argument("--confirm", default="", metavar="PROPOSAL", help=self.words("redact_confirm"))

    def declare_reports(self) -> None:
        """One command for each report of the registry, and their list."""
        from reports.registry import REPORTS

        reports = self.group("report")
        self.command("list", "report", "list_reports", reports)
        for name, about in REPORTS.items():
            report = self.command(name, "report", "make", reports, said=say(self.language, about.label_key))
            report.set_defaults(report=name, subject="")
            self.store(report)
            report.add_argument("--out", required=True, type=Path, metavar="F.pdf", help=self.words("out"))
            when = self.words("as_of")
            report.add_argument("--as-of", default="", type=self.an_instant, metavar="POSITION_OR_TIME", help=when)
            report.add_argument("--cut-off", type=self.a_date, metavar="DATE", help=self.words("cut_off"))
            report.add_argument("--from", dest="since", type=self.a_date, metavar="DATE", help=self.words("from"))
            if about.about == "subject":
                report.add_argument("--subject", required=True, metavar="ID", help=self.words("subject"))
            if name == "cohort":
                report.add_argument("--figures", type=Path, metavar="F.json", help=self.words("figures"))

    def declare_storeless(self) -> None:
        """What needs no store: grading, measuring."""
        grade = self.command("grade", "grading", "grade_file")
        grade.add_argument("source", metavar="IN.jsonl", help=self.words("grade_in"))
        grade.add_argument("out", metavar="OUT.jsonl", help=self.words("grade_out"))
        grade.add_argument("--ctcae", required=True, choices=CTCAE_VERSIONS, help=self.words("ctcae"))
        editions = self.group("ctcae", "editions")
        change = self.command("change", "ctcae", "change", editions)
        self.store(change)
        change.add_argument("--to", required=True, choices=CTCAE_VERSIONS, help=self.words("ctcae_to"))
        change.add_argument("--reason", default="", metavar="TEXT", help=self.words("reason"))
        change.add_argument("--dry-run", action="store_true", help=self.words("dry_run"))
        wording = self.command("wording", "ctcae", "wording", editions)
        wording.add_argument("workbook", type=Path, metavar="FILE.xlsx", help=self.words("workbook"))
        wording.add_argument("--edition", required=True, choices=CTCAE_VERSIONS, help=self.words("ctcae"))
        guide = self.command("guide", "guide", "write")
        guide.add_argument("--out", required=True, type=Path, metavar="DIR", help=self.words("guide_out"))
        bench = self.command("bench", "bench", "measure")
        bench.add_argument("names", nargs="*", metavar="NAME", help=self.words("bench_names"))

    def declare_care(self) -> None:
        """What looks after the program itself."""
        diagnostics = self.command("diagnostics", "diagnostics", "diagnose")
        diagnostics.add_argument("--out", type=Path, metavar="F.txt", help=self.words("out"))
        update = self.command("update", "update", "update")
        update.add_argument("folder", nargs="?", type=Path, metavar="FOLDER", help=self.words("release"))
        update.add_argument("--return", dest="back", action="store_true", help=self.words("return"))

    def an_instant(self, text: str) -> str:
        """A position of the ledger or an ISO time, as it was given. Raises ArgumentTypeError in the person's words."""
        from datetime import datetime

        try:
            if text.strip() and not (text.strip().isdecimal() and len(text) < 20):
                datetime.fromisoformat(text.strip())
        except ValueError:
            raise ArgumentTypeError(say(self.language, "commands.not_an_instant", text=text[:40])) from None
        return text

    def a_date(self, text: str) -> date:
        """A whole ISO date. Raises ArgumentTypeError in the person's words."""
        from datetime import date

        try:
            return date.fromisoformat(text)
        except ValueError:
            raise ArgumentTypeError(say(self.language, "commands.not_a_date", text=text)) from None


def app_version() -> str:
    """The program's version as the ledger notes it."""
    from db import VERSION

    return VERSION
