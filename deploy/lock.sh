#!/bin/sh
# Resolve pyproject.toml into hash-locked files that name no index.
set -eu
cd "$(dirname "$0")/.."
CUSTOM_COMPILE_COMMAND="make lock"
export CUSTOM_COMPILE_COMMAND
options="--quiet --generate-hashes --allow-unsafe --strip-extras --no-emit-index-url --no-emit-find-links
--no-emit-trusted-host --no-emit-options"
echo "lock: resolving what runs (a minute or two) ..."
# shellcheck disable=SC2086
.venv/bin/pip-compile $options --extra build --extra embedded -o requirements.lock pyproject.toml
echo "lock: resolving what tests and linters need besides ..."
# shellcheck disable=SC2086
.venv/bin/pip-compile $options --extra build --extra embedded --extra dev -c requirements.lock \
    -o requirements-dev.lock pyproject.toml
