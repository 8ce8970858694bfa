"""Runs every benchmark of this folder and writes docs/performance.md: `python -m tests.load [name ...]`.

A benchmark is a program `bench_<name>.py` that prints Markdown tables. One whose options ask for
`--base-url` gets a fresh family of its own. With names, only those run and only their sections change.
"""

from __future__ import annotations

import argparse
import ast
import os
import platform
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from tests.support.family import Family, clean_environment

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "performance.md"
NO_LIMITS = "100000000,100000000,100000000"
ORDER = ("core", "peers", "engine", "matcher", "http", "lane", "reads", "feeds", "projection", "start")


@dataclass(frozen=True)
class Bench:
    """One program: its name, what it says of itself, and whether it wants a family."""

    name: str
    about: str
    wants_family: bool


@dataclass(frozen=True)
class Result:
    bench: Bench
    output: str
    code: int
    seconds: float


def discover() -> list[Bench]:
    found = []
    for path in sorted(Path(__file__).parent.glob("bench_*.py")):
        text = path.read_text(encoding="utf-8")
        about = ast.get_docstring(ast.parse(text)) or ""
        found.append(Bench(path.stem.removeprefix("bench_"), about, '"--base-url"' in text))
    place = {name: number for number, name in enumerate(ORDER)}
    return sorted(found, key=lambda bench: (place.get(bench.name, len(ORDER)), bench.name))


def run(bench: Bench, runs: int) -> Result:
    argv = [sys.executable, "-m", f"tests.load.bench_{bench.name}", "--runs", str(runs)]
    begun = time.monotonic()
    if bench.wants_family:
        with (
            tempfile.TemporaryDirectory(prefix="bench-") as scratch,
            Family(Path(scratch) / "data", EXCHANGE_LIMITS=NO_LIMITS) as family,
        ):
            argv += ["--base-url", family.facts["base_url"], "--accounts", str(family.run_json)]
            done = execute(argv)
    else:
        done = execute(argv)
    return Result(bench, done.stdout, done.returncode, time.monotonic() - begun)


def execute(argv: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(argv, cwd=ROOT, env=clean_environment(), stdout=subprocess.PIPE, text=True, check=False)


def as_markdown(output: str) -> str:
    """Tables stay tables; runs of other lines become preformatted text."""
    blocks: list[tuple[bool, list[str]]] = []
    for line in output.strip().splitlines():
        is_table = line.lstrip().startswith("|")
        if not line.strip():
            continue
        if blocks and blocks[-1][0] == is_table:
            blocks[-1][1].append(line)
        else:
            blocks.append((is_table, [line]))
    return "\n\n".join("\n".join(lines) if table else "\n".join(["```", *lines, "```"]) for table, lines in blocks)


def processor() -> str:
    found = re.search(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    return found.group(1) if found else platform.machine()


def machine(runs: int) -> str:
    """What a section was measured on, and when."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.strip()
    where = f"{os.cpu_count()} cores ({processor()}), Python {platform.python_version()}"
    return f"Medians of {runs} runs on {where}, {time.strftime('%Y-%m-%d', time.gmtime())}, commit {commit}."


def section(result: Result, runs: int) -> str:
    about = result.bench.about.splitlines()
    detail = " ".join(line.strip() for line in about[1:] if line.strip() and not line.startswith("    python"))
    parts = [
        f"## {result.bench.name}",
        f"`make bench ARGS={result.bench.name}`: {about[0] if about else ''}",
        detail,
        machine(runs),
        as_markdown(result.output),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def page(results: list[Result], runs: int) -> str:
    """The page with these results' sections new and the others as they stood."""
    stood = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    sections = {text.split("\n", 1)[0]: f"## {text.rstrip()}\n" for text in re.split(r"(?m)^## ", stood)[1:]}
    sections |= {result.bench.name: section(result, runs) for result in results}
    place = {name: number for number, name in enumerate(ORDER)}
    head = (
        "# Performance, as measured\n\nMade by `make bench`; no figure was written by hand. "
        "Load generators, stores and what is measured share these cores.\n"
    )
    return "\n".join([head, *(sections[name] for name in sorted(sections, key=lambda n: place.get(n, len(ORDER))))])


def main() -> int:
    parser = argparse.ArgumentParser(prog="make bench ARGS=")
    parser.add_argument("names", nargs="*", help="only these")
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    known = discover()
    unknown = set(options.names) - {bench.name for bench in known}
    if unknown:
        parser.error(f"no benchmark {', '.join(sorted(unknown))}; there are {', '.join(b.name for b in known)}")
    results = []
    for bench in known:
        if options.names and bench.name not in options.names:
            continue
        print(f"bench: {bench.name} ...", flush=True)
        result = run(bench, options.runs)
        results.append(result)
        print(f"{result.output}\nbench: {bench.name}: exit {result.code} after {result.seconds:.0f} s\n", flush=True)
    failed = [result.bench.name for result in results if result.code != 0]
    if failed:
        print(f"bench: failed: {', '.join(failed)}; {PAGE.relative_to(ROOT)} is left as it was")
        return 1
    PAGE.write_text(page(results, options.runs), encoding="utf-8")
    print(f"bench: wrote {PAGE.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
