"""Look up the packages of the lock files in the public lists of known weaknesses.

    python scripts/audit.py

Ends with 0 where none is known, with 1 where some are, and with 2 where nothing could be looked up.
"""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCKS = [f"requirements{which}.txt" for which in ("", "-test", "-oracles", "-site")]


def look_up(lock: Path) -> tuple[dict[str, list[dict]] | None, str]:
    """Ask pip-audit about every package of a lock file.

    Args:
        lock: a file with a version of each package.

    Returns:
        The known weaknesses of each package by its name; None where nothing could be looked up, and
        then why.
    """
    command = ["-m", "pip_audit", "--disable-pip", "--requirement", lock]
    options = ["--format", "json", "--progress-spinner", "off", "--timeout", "15"]
    run = subprocess.run([sys.executable, *command, *options], capture_output=True, text=True)
    try:
        packages = json.loads(run.stdout)["dependencies"]
    except ValueError:
        return None, (run.stderr.strip().splitlines() or ["pip-audit said nothing"])[-1]
    skipped = [f"{p['name']}: {p['skip_reason']}" for p in packages if "skip_reason" in p]
    if skipped:
        return None, skipped[0]
    return {f"{package['name']} {package['version']}": package["vulns"] for package in packages}, ""


def report(lock: str, found: dict[str, list[dict]]) -> str:
    """Return what was found, a line a weakness.

    >>> print(report("lock.txt", {"a 1.0": [], "b 2.0": [{"id": "X-1", "fix_versions": ["2.1"]}]}))
    lock.txt: 2 packages looked up, 1 known weaknesses
      b 2.0: X-1, mended in 2.1
    """
    lines = [
        f"  {package}: {weakness['id']}, mended in {', '.join(weakness['fix_versions']) or 'none'}"
        for package, weaknesses in found.items()
        for weakness in weaknesses
    ]
    first = f"{lock}: {len(found)} packages looked up, {len(lines)} known weaknesses"
    return "\n".join([first, *lines])


def main() -> int:
    worst = 0
    for lock in LOCKS:
        found, why = look_up(ROOT / lock)
        if found is None:
            print(f"{lock}: NOT AUDITED, nothing could be looked up. {why:.300}")
            return 2
        print(report(lock, found))
        worst |= any(found.values())
    return int(worst)


if __name__ == "__main__":
    sys.exit(main())
