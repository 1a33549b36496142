#!/bin/sh
# Asks for known weaknesses of what is pinned. Needs pip-audit and the network; says so plainly where either is missing.
set -u
cd "$(dirname "$0")/.."
if [ ! -x .venv/bin/pip-audit ]; then
    echo "没有 pip-audit，没有核对。要核对：.venv/bin/pip install pip-audit，再运行一次（not audited: pip-audit is missing）" >&2
    exit 2
fi
.venv/bin/pip-audit --disable-pip --require-hashes --requirement requirements/run.txt
code=$?
[ "$code" -eq 0 ] || echo "没有通过，或者连不上漏洞库；没有核对完不等于没有问题（findings, or not reachable）" >&2
exit "$code"
