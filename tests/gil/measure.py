"""Measures how CPythons hand the GIL over, and records it in measured.txt.

Each line: what, version, cores, and the figure: a median, for `slowdown` the least and the most of nine.

    response INTERVAL GAP   milliseconds a thread waits beyond its sleep of GAP ms, beside a thread that computes; INTERVAL is the
                            switch interval in ms (not for 2.7)
    alone                   the same without that thread, at a gap of 1 ms
    slowdown THREADS        the time of work shared between threads, as a ratio to the same work in one

The simulation is held to these in tests/gil.rs. Run it on a quiet machine; interpreters that are not installed are left out.

    python3 tests/gil/measure.py > tests/gil/measured.txt
"""

import glob
import os
import re
import subprocess

CHILD = r"""
from __future__ import print_function
import sys, threading, time
try:
    clock = time.perf_counter
except AttributeError:
    clock = time.time
def median(values):
    return sorted(values)[len(values) // 2]
def response(gap, count):
    waits = []
    for _ in range(count):
        began = clock(); time.sleep(gap); waits.append((clock() - began - gap) * 1e3)
    return median(waits)
def spin():
    n = 0
    while not over[0]:
        n += 1
over = [False]
print('alone', '%.3f' % response(0.001, 100))
thread = threading.Thread(target=spin); thread.start()
for interval in (0.005, 0.0005):
    if hasattr(sys, 'setswitchinterval'):
        sys.setswitchinterval(interval)
        name = 'response %g' % (interval * 1e3)
    else:
        name = 'response -'
    for gap in (0.001, 0.003, 0.02):
        print(name, '%g' % (gap * 1e3), '%.3f' % response(gap, 60))
    if name == 'response -':
        break
over[0] = True
thread.join()
if hasattr(sys, 'setswitchinterval'):
    sys.setswitchinterval(0.005)
def burn(n):
    while n > 0:
        n -= 1
def shared(count):
    threads = [threading.Thread(target=burn, args=(3000000 // count,)) for _ in range(count)]
    began = clock()
    for thread in threads: thread.start()
    for thread in threads: thread.join()
    return clock() - began
burn(3000000)
for count in (2, 4):
    ratios = [shared(count) / shared(1) for _ in range(9)]
    print('slowdown', count, '%.2f-%.2f' % (min(ratios), max(ratios)))
"""


def main():
    for version in ("2.7", "3.9", "3.11", "3.12", "3.13"):
        found = sorted(glob.glob(os.path.expanduser(f"~/.pyenv/versions/{version}.*/bin/python")))
        if not found:
            continue
        full = re.search(r"versions/([\d.]+)/", found[-1]).group(1)
        for cores in (1, 2):
            only = ["nice", "-n", "-20", "taskset", "-c", "0"] if cores == 1 else ["nice", "-n", "-20", "taskset", "-c", "0,1"]
            out = subprocess.run([*only, found[-1], "-c", CHILD], capture_output=True, text=True, check=True, timeout=300)
            for line in out.stdout.splitlines():
                what, _, figure = line.rpartition(" ")
                print(f"{what} | {full} | {cores} | {figure}", flush=True)


if __name__ == "__main__":
    main()
