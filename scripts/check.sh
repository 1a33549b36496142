#!/bin/sh
# Every check that needs no database and no browser. All run; the exit code says whether all were content.
set -u
cd "$(dirname "$0")/.."
export LIANXIN_HOME="${TMPDIR:-/tmp}/lianxin-check-$$" # the settings are read, a data folder is made; nobody's own
trap 'rm -rf "$LIANXIN_HOME"' EXIT
trap 'exit 130' INT TERM
unset LIANXIN_DATABASE_URL LIANXIN_DEBUG
failed=""

check() { # check NAME COMMAND …: quiet when content
    name=$1
    shift
    if out=$("$@" 2>&1); then
        printf '  ok      %s\n' "$name"
    else
        printf '  FAILED  %s\n%s\n' "$name" "$out"
        failed="$failed $name"
    fi
}

check style .venv/bin/ruff check --quiet .
check format .venv/bin/ruff format --check --quiet .
check types .venv/bin/mypy --no-error-summary
check floors .venv/bin/lint-imports --no-logo
check templates .venv/bin/djlint --quiet --allow-empty-input lianxin
check migrations .venv/bin/python -m django makemigrations --check --dry-run --settings lianxin.project.settings
check catalogue .venv/bin/lianxin check
check words .venv/bin/python scripts/words.py

[ -z "$failed" ] || { printf 'make check failed:%s\n' "$failed" >&2; exit 1; }
