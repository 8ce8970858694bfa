"""Security shown by one command each.

python -m tests.security api [--cases 5000]   # S7: schemathesis over every operation of a running family
python -m tests.security canary               # S10: planted secrets are found nowhere
python -m tests.security supply               # S15: locks, bill of materials, known vulnerabilities
"""

from __future__ import annotations

import argparse
import sys

from tests.security import api, canary, corpus, supply


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.security", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    cases = commands.add_parser("api", help="generated requests against every documented operation")
    cases.add_argument("--cases", type=int, default=api.CASES_MIN, help="cases at least (default %(default)s)")
    cases.add_argument("--seed", type=int, default=1)
    commands.add_parser("canary", help="planted secrets are looked for everywhere")
    commands.add_parser("corpus", help="hostile text in every text field, then looked at in Chromium")
    commands.add_parser("supply", help="locks, bill of materials, known vulnerabilities")
    options = parser.parse_args()
    if options.command == "api":
        return api.main(options.cases, options.seed)
    return {"canary": canary.main, "corpus": corpus.main, "supply": supply.main}[options.command]()


if __name__ == "__main__":
    sys.exit(main())
