#!/bin/sh
# Resolve pyproject.toml into hash-locked files that name no index.
set -eu
cd "$(dirname "$0")/.."
CUSTOM_COMPILE_COMMAND="make lock"
export CUSTOM_COMPILE_COMMAND
options="--quiet --generate-hashes --allow-unsafe --strip-extras --no-emit-index-url --no-emit-find-links
--no-emit-trusted-host --no-emit-options"
# The wider set first: some of its packages pin what runs, and both files must agree.
echo "lock: resolving everything, with what tests and linters need (a few minutes) ..."
# shellcheck disable=SC2086
.venv/bin/pip-compile $options --extra build --extra embedded --extra dev -o requirements-dev.lock pyproject.toml
echo "lock: resolving what runs, at the same versions ..."
# shellcheck disable=SC2086
.venv/bin/pip-compile $options --extra build --extra embedded -c requirements-dev.lock -o requirements.lock pyproject.toml
