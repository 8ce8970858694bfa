"""The Pythons of this machine that the engine is for, and a core compiled for each of them."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CORE = ROOT / "matcher" / "core"
BUILT = ROOT / "build" / "determinism"
VERSIONS = ("3.11", "3.12", "3.13")
ASK = (
    "import json, platform, sys, sysconfig; print(json.dumps({'version': platform.python_version(),"
    " 'include': sysconfig.get_path('include'), 'suffix': sysconfig.get_config_var('EXT_SUFFIX')}))"
)


@dataclass(frozen=True)
class Python:
    """One interpreter; `path` is what it imports first."""

    program: str
    version: str
    include: str
    suffix: str
    path: Path = ROOT

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, "PYTHONPATH": f"{self.path}{os.pathsep}{ROOT}", "PYTHONDONTWRITEBYTECODE": "1"}


def found() -> dict[str, Python | None]:
    """Each version's first interpreter that answers and has C headers: the running one, on PATH, pyenv's; or None."""
    return {version: next(_working(version), None) for version in VERSIONS}


def _working(version: str) -> Iterator[Python]:
    for program in _candidates(version):
        done = subprocess.run([program, "-c", ASK], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            continue
        said = json.loads(done.stdout)
        if said["version"].startswith(f"{version}.") and Path(said["include"], "Python.h").exists():
            yield Python(program, said["version"], said["include"], said["suffix"])


def _candidates(version: str) -> Iterator[str]:
    if sys.version.startswith(f"{version}."):
        yield sys.executable
    on_path = shutil.which(f"python{version}")
    if on_path:
        yield on_path
    roots = [os.environ.get("PYENV_ROOT", "")]
    if shutil.which("pyenv"):
        roots.append(subprocess.run(["pyenv", "root"], capture_output=True, text=True, check=False).stdout.strip())
    for root in filter(None, [*roots, str(Path.home() / ".pyenv")]):
        yield from (str(path) for path in sorted(Path(root, "versions").glob(f"{version}.*/bin/python{version}")))


def with_core(python: Python) -> Python:
    """The interpreter with a core of its own: the running one has it; for others its C is compiled once more."""
    if python.program == sys.executable:
        return python
    sources = _generated()
    folder = BUILT / f"python-{python.version}"
    mark = hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()
    stamp = folder / "made-from"
    if not stamp.exists() or stamp.read_text() != mark:
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(
            ROOT / "matcher", folder / "matcher", ignore=shutil.ignore_patterns("*.so", "*.c", "__pycache__")
        )
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            list(pool.map(lambda source: _compile(python, source, folder), sources))
        stamp.write_text(mark)
    return Python(python.program, python.version, python.include, python.suffix, folder)


def _generated() -> list[Path]:
    """The C of every module of the core, fresh."""
    code = "from Cython.Build import cythonize; import setup; cythonize(setup.extensions(), compiler_directives=setup.DIRECTIVES)"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True)
    return sorted(CORE.glob("*.c"))


def _compile(python: Python, source: Path, folder: Path) -> None:
    target = folder / "matcher" / "core" / f"{source.stem}{python.suffix}"
    flags = ["-shared", "-fPIC", "-O1", "-w", "-fno-strict-aliasing", f"-I{python.include}", f"-I{ROOT}"]
    subprocess.run([os.environ.get("CC", "cc"), *flags, str(source), "-o", str(target)], check=True)
    target.with_name(f"{source.stem}.py").unlink(missing_ok=True)  # the compiled one is what is meant
