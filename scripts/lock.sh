#!/bin/sh
# Writes requirements/*.txt: every package with its hashes, no address of an index, no path of a machine.
# `make lock` keeps what is pinned; `make lock UPGRADE=1` takes the newest that pyproject.toml allows.
set -eu
cd "$(dirname "$0")/.."
[ -x .venv/bin/pip-compile ] || { echo "先运行 make setup-test（run make setup-test first）" >&2; exit 1; }

lock() { # lock FILE [option …]
    out=$1
    shift
    CUSTOM_COMPILE_COMMAND="make lock" .venv/bin/pip-compile --quiet ${UPGRADE:+--upgrade} \
        --generate-hashes --strip-extras --allow-unsafe --build-deps-for editable \
        --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options \
        --output-file "$out" "$@" pyproject.toml
}

lock requirements/run.txt
lock requirements/test.txt --extra dev --constraint requirements/run.txt
