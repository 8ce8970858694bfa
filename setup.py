"""Builds the compiled core: every module of matcher/core, from its .py and .pxd, by Cython.

    python setup.py build_ext --inplace

The rest of the package is described in pyproject.toml.
"""

import platform
import tempfile
from pathlib import Path

from Cython.Build import cythonize
from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext
from setuptools.errors import CompileError

CORE = Path("matcher/core")
PLAIN = {"__init__", "config"}  # stay Python
TUNING = {"x86_64": ["-march=x86-64-v3"], "AMD64": ["-march=x86-64-v3"]}
DIRECTIVES = {
    "language_level": 3,
    "boundscheck": False,
    "wraparound": False,
    "initializedcheck": False,
    "cdivision": True,
    "annotation_typing": True,
}


def runs_v3() -> bool:
    """Whether this processor has what x86-64-v3 asks for; where nothing tells, assume not."""
    try:
        flags = Path("/proc/cpuinfo").read_text(encoding="ascii", errors="replace")
    except OSError:
        return False
    return all(f" {flag}" in flags for flag in ("avx2", "bmi2", "fma", "movbe"))


class BuildCore(build_ext):
    """Adds optimisation flags, and those of the processor where compiler and processor know them."""

    def build_extensions(self) -> None:
        flags = ["-O3", "-fno-strict-aliasing", "-Wno-unused-function", "-Wno-sign-compare"]
        tuning = TUNING.get(platform.machine(), [])
        if tuning and runs_v3() and self._accepts(tuning):
            flags += tuning
        for extension in self.extensions:
            extension.extra_compile_args = [*flags, *(extension.extra_compile_args or [])]
        super().build_extensions()

    def _accepts(self, flags: list[str]) -> bool:
        with tempfile.TemporaryDirectory() as folder:
            source = Path(folder) / "probe.c"
            source.write_text("int probe(void) { return 0; }\n", encoding="ascii")
            try:
                self.compiler.compile([str(source)], output_dir=folder, extra_postargs=flags)
            except CompileError:
                return False
        return True


def extensions() -> list[Extension]:
    sources = sorted(path for path in CORE.glob("*.py") if path.stem not in PLAIN)
    return [Extension(f"matcher.core.{path.stem}", [path.as_posix()]) for path in sources]


if __name__ == "__main__":
    setup(
        ext_modules=cythonize(extensions(), compiler_directives=DIRECTIVES),
        cmdclass={"build_ext": BuildCore},
    )
