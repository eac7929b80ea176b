"""The benchmarks of a checkout: each prints its own table, one after another, each in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from argparse import Namespace
from pathlib import Path

from forms.errors import Refusal
from ui.commands.codes import DONE, FINDINGS
from ui.commands.console import Console

CHECKOUT = Path(__file__).parents[2]


def measure(options: Namespace, console: Console) -> int:
    """Run the benchmarks named, or all of them; exit code 1 when one of them failed."""
    known = benchmarks()
    names = options.names or list(known)
    unknown = [name for name in names if name not in known]
    if unknown or not known:
        raise Refusal("commands.bench.unknown", names=", ".join(unknown), known=", ".join(known))
    failed = []
    for name in names:
        console.show(f"== {name}")
        sys.stdout.flush()
        done = subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], cwd=CHECKOUT, check=False)
        failed += [name] if done.returncode else []
    if failed:
        console.complain(console.words("commands.bench.failed", names=", ".join(failed)))
    return FINDINGS if failed else DONE


def benchmarks() -> tuple[str, ...]:
    """Names of the benchmarks; none in a packaged program."""
    found = sorted((CHECKOUT / "benchmarks").glob("[a-z]*.py"))
    return tuple(path.stem for path in found if "__main__" in path.read_text(encoding="utf-8"))
