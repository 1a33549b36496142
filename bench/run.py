"""`make bench`: lays a county of its own, starts the real server on it, measures, prints a table. Loopback only.

ARGS="--households 200000 --visits 1200000" is the full size; "--postgres" runs beside a PostgreSQL of its own.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PORT = 8737


def main() -> None:
    asked = _asked()
    if asked.postgres and "LIANXIN_DATABASE_URL" not in os.environ:
        again = [sys.executable, __file__, *sys.argv[1:]]
        raise SystemExit(subprocess.call([sys.executable, str(ROOT / "scripts" / "with_postgres.py"), *again]))
    home = Path(asked.home or tempfile.mkdtemp(prefix="lianxin-bench-"))
    os.environ |= {"LIANXIN_HOME": str(home), "DJANGO_SETTINGS_MODULE": "lianxin.project.settings"}
    sys.path.insert(0, str(ROOT))
    try:
        _run(asked)
    finally:
        if not asked.home:
            shutil.rmtree(home, ignore_errors=True)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--households", type=int, default=20_000)
    parser.add_argument("--visits", type=int, default=120_000)
    parser.add_argument("--postgres", action="store_true", help="on a PostgreSQL of its own instead of SQLite")
    parser.add_argument("--home", help="keep the county in this folder, and use it again when it stands there")
    return parser.parse_args()


def _run(asked: argparse.Namespace) -> None:
    import django  # the settings read LIANXIN_HOME, which is known only now

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from bench.fill import fill
    from bench.work import measure
    from lianxin.net.models import Account

    call_command("migrate", verbosity=0)
    began = time.perf_counter()
    if not Account.objects.exists():
        fill(households=asked.households, visits=asked.visits)
        print(f"laid in {time.perf_counter() - began:.0f} s", flush=True)
        with connection.cursor() as cursor:
            # What a PostgreSQL that is left alone does by itself; the one beside the bench has it switched off.
            cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    server = subprocess.Popen(
        [sys.executable, "-m", "lianxin.cli", "serve", "--port", str(PORT), "--workers", "2"],
        stdout=subprocess.DEVNULL,
        cwd=ROOT,
    )
    try:
        _wait()
        _print(asked, connection.vendor, list(measure(PORT, server.pid)))
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=60)


def _wait() -> None:
    for _ in range(120):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{PORT}/health/", timeout=5).read()
        except OSError:
            time.sleep(0.5)
        else:
            return
    raise SystemExit("the server did not come up")


def _print(asked: argparse.Namespace, vendor: str, rows: list[object]) -> None:
    print(f"\n{vendor}: {asked.households:,} households, {asked.visits:,} visits\n")
    print("| work | p50 ms | p95 ms | p99 ms | CPU ms | a second | plain SQL ms | ratio |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|")
    for row in rows:
        plain = f"{row.plain:.1f} | {row.ratio:.1f}" if row.plain else "— | —"
        times = " | ".join(f"{each:.1f}" for each in (row.p50, row.p95, row.p99, row.cpu))
        print(f"| {row.work} | {times} | {row.a_second:.0f} | {plain} |")


if __name__ == "__main__":
    main()
