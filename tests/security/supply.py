"""S15: what we ship is locked by hash, listed in a bill of materials, and free of known vulnerabilities.

The bill (CycloneDX JSON) is written to build/sbom.json. The list of vulnerabilities is asked over the
network; where it cannot be reached the answer is "not known", said as such, with exit status 3.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.support.family import ROOT

LOCKS = ("requirements.lock", "requirements-dev.lock")
UNKNOWN = 3
_BIN = Path(sys.executable).parent


def unlocked(text: str) -> list[str]:
    """The requirements of a lock that are not pinned with a hash."""
    logical = text.replace("\\\n", " ").splitlines()
    lines = [line for line in logical if line.strip() and not line.lstrip().startswith("#")]
    return [line.split()[0] for line in lines if "==" not in line or "--hash=sha256:" not in line]


def write_bill() -> int:
    """Components written to build/sbom.json."""
    target = ROOT / "build" / "sbom.json"
    target.parent.mkdir(exist_ok=True)
    command = [str(_BIN / "cyclonedx-py"), "requirements", "requirements.lock", "-o", str(target), "--of", "JSON"]
    subprocess.run([*command, "--output-reproducible"], cwd=ROOT, check=True)
    return len(json.loads(target.read_text())["components"])


def vulnerabilities() -> tuple[int, list[str], list[str]]:
    """(packages asked about, known vulnerabilities, packages nobody could tell about)."""
    command = [str(_BIN / "pip-audit"), "-r", "requirements.lock", "--disable-pip", "--require-hashes", "-f", "json"]
    done = subprocess.run(
        [*command, "--progress-spinner", "off"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    found = json.loads(done.stdout)["dependencies"] if done.stdout.startswith("{") else []
    known = [f"{one['name']} {bad['id']}" for one in found for bad in one.get("vulns", ())]
    silent = [one["name"] for one in found if "skip_reason" in one]
    return len(found), known, silent


def main() -> int:
    loose = {name: unlocked((ROOT / name).read_text()) for name in LOCKS}
    if any(loose.values()):
        print(f"supply: not locked by hash: {loose}")
        return 1
    print(f"supply: every requirement of {', '.join(LOCKS)} is pinned with its hashes")
    print(f"supply: build/sbom.json lists {write_bill()} components")
    asked, known, silent = vulnerabilities()
    if known:
        print(f"supply: {len(known)} known vulnerabilities: {', '.join(known)}")
        return 1
    if not asked or silent:
        print(f"supply: vulnerabilities NOT known: the list could not be asked about {len(silent) or 'all'} packages")
        return UNKNOWN
    print(f"supply: {asked} packages, no known vulnerability")
    return 0
