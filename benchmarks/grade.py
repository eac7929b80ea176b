"""Grading 100,000 measurements by the `grade` command against reading and writing the same lines as plain JSON.

Budget: at most twice, explanations included (3.1 times when last measured on an idle machine); memory flat in the
number of lines; one measurement under a millisecond.
"""

from __future__ import annotations

import json
import random
import statistics
import sys
import tempfile
import time
import tracemalloc
from pathlib import Path

from forms.grading.frame import Measurement
from forms.grading.grade import grade
from forms.grading.words import explain
from ui.commands.grade import run

LABS = (
    ("Platelets", "10^9/L", 125, 350, 1, 400),
    ("Hemoglobin", "g/L", 115, 150, 50, 170),
    ("Neutrophils (ANC)", "10^9/L", 1.8, 6.3, 0, 9),
    ("Leukocytes (WBC)", "10^9/L", 3.5, 9.5, 0, 15),
    ("ALT", "U/L", 9, 50, 5, 1200),
    ("AST", "U/L", 15, 40, 5, 1200),
    ("Bilirubin (total)", "umol/L", None, 26, 3, 300),
    ("Creatinine", "umol/L", 57, 97, 30, 400),
    ("Fibrinogen", "g/L", 2, 4, 0.2, 6),
    ("Sodium", "mmol/L", 137, 147, 115, 160),
    ("Potassium", "mmol/L", 3.5, 5.3, 2, 8),
    ("Triglycerides", "mmol/L", None, 1.7, 0.5, 14),
    ("Lipase", "U/L", None, 60, 5, 500),
    ("Albumin", "g/L", 40, 55, 15, 55),
    ("Glucose", "mmol/L", 3.9, 6.1, 1, 20),
)


def lines(count: int, seed: int = 5) -> list[str]:
    """Measurements as sites have them: few laboratories, every subject with a baseline of its own."""
    chance = random.Random(seed)
    made = []
    for number in range(count):
        analyte, unit, low, high, least, most = LABS[number % len(LABS)]
        value = f"{chance.uniform(least, most):.2f}"
        baseline = f"{chance.uniform(least or 0.1, most):.2f}"
        record = {"id": number, "analyte": analyte, "value": value, "unit": unit, "lln": low, "uln": high}
        made.append(json.dumps({**record, "baseline": baseline, "baseline_lln": low, "baseline_uln": high}))
    return made


def bare(source: Path, answers: Path, sink: Path) -> None:
    """Read the input and write the output as plain JSON lines, nothing else."""
    outputs = [json.loads(line) for line in answers.read_text(encoding="utf-8").splitlines()]
    started = time.perf_counter()
    with source.open(encoding="utf-8") as lines_in, sink.open("w", encoding="utf-8") as lines_out:
        for line, answer in zip(lines_in, outputs, strict=True):
            json.loads(line)
            lines_out.write(json.dumps(answer, ensure_ascii=False))
            lines_out.write("\n")
    TIMES.append(time.perf_counter() - started)


TIMES: list[float] = []


def measure(count: int = 100_000, rounds: int = 3) -> dict[str, float]:
    """Medians of interleaved rounds, in seconds, and their ratio; peak memory of 2,000 and 20,000 lines in MB."""
    folder = Path(tempfile.mkdtemp())
    source, sink, plain = folder / "in.jsonl", folder / "out.jsonl", folder / "plain.jsonl"
    source.write_text("\n".join(lines(count)) + "\n", encoding="utf-8")
    run(str(source), str(sink), "5.0")
    graded: list[float] = []
    TIMES.clear()
    for _ in range(rounds):
        started = time.perf_counter()
        run(str(source), str(sink), "5.0")
        graded.append(time.perf_counter() - started)
        bare(source, sink, plain)
    ours, theirs = statistics.median(graded), statistics.median(TIMES)
    one = Measurement("ALT", "812", "U/L", "9", "50", "600", "9", "50")
    started = time.perf_counter()
    for _ in range(1000):
        _ = [explain(found, language).text for found in grade(one, "5.0") for language in ("en", "zh")]
    single = (time.perf_counter() - started) / 1000
    return {
        "grade s": ours,
        "plain json s": theirs,
        "ratio": ours / theirs,
        "one with both sentences ms": single * 1000,
        "peak MB, 2,000 lines": peak(folder, 2_000),
        "peak MB, 20,000 lines": peak(folder, 20_000),
    }


def peak(folder: Path, count: int) -> float:
    """Peak of Python's memory while grading, in MB."""
    source = folder / "few.jsonl"
    source.write_text("\n".join(lines(count)) + "\n", encoding="utf-8")
    tracemalloc.start()
    run(str(source), str(folder / "few.out"), "5.0")
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most / 1e6


if __name__ == "__main__":
    for name, figure in measure(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000).items():
        print(f"{name:32} {figure:10.3f}")
