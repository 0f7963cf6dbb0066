"""Scans files with one of the scanners that bench/codeSafety.ts compares with, in one process.

    python code_safety.py picklescan|modelscan|fickling LIST

LIST is a file with a path a line. Prints one line of JSON: the verdict on each file (alarm, warning, failed, skipped,
clean), the seconds all took without imports, the peak of memory in megabytes, and the scanner's version.
"""

import importlib.metadata
import json
import logging
import sys
import time
import zipfile


def with_picklescan(path):
    from picklescan.scanner import scan_file_path

    result = scan_file_path(path)
    if result.issues_count > 0:
        return "alarm"
    if result.scan_err:
        return "failed"
    if result.suspicious_count > 0:
        return "warning"
    return "clean" if result.scanned_files > 0 else "skipped"


def with_modelscan(path):
    from modelscan.modelscan import ModelScan

    result = ModelScan().scan(path)
    if result["summary"]["total_issues"] > 0:
        return "alarm"
    if result["errors"]:
        return "failed"
    return "clean" if result["summary"]["scanned"]["total_scanned"] > 0 else "skipped"


def with_fickling(path):
    from fickling import scan_file, scan_zip_archive
    from fickling.analysis import Severity

    results = list(scan_zip_archive(path).values()) if zipfile.is_zipfile(path) else [scan_file(path)]
    worst = max((result.severity for result in results), default=None)
    if worst is None:
        return "skipped"
    if worst >= Severity.LIKELY_OVERTLY_MALICIOUS:
        return "alarm"
    return "clean" if worst <= Severity.LIKELY_SAFE else "warning"


scanners = {"picklescan": with_picklescan, "modelscan": with_modelscan, "fickling": with_fickling}


def peak_megabytes():
    """Of this program alone: what getrusage says may be from before it was started."""
    with open("/proc/self/status") as status:
        line = next(line for line in status if line.startswith("VmHWM:"))
    return int(line.split()[1]) / 1024


def verdict(scan, path):
    try:
        return scan(path)
    except Exception:
        return "failed"


def main():
    name, listing = sys.argv[1:]
    logging.disable(logging.CRITICAL)
    sys.setrecursionlimit(5000)
    scan = scanners[name]
    with open(listing) as file:
        paths = file.read().splitlines()
    # Imports are not what is measured; this script is as good a file as any.
    verdict(scan, __file__)
    started = time.perf_counter()
    verdicts = [verdict(scan, path) for path in paths]
    seconds = time.perf_counter() - started
    peak = peak_megabytes()
    print()
    print(json.dumps([verdicts, seconds, peak, importlib.metadata.version(name)]))


main()
