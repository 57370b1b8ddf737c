"""What the scenarios do for a living. In Interleave these take virtual time; with this module a real CPython runs every
scenario file unchanged.

    compute(seconds)           Python code that keeps the CPU busy and holds the GIL
    native(seconds)            an extension that keeps the CPU busy without the GIL
    download(name, seconds)    the thread waits for the network, without the GIL
    query(sql, seconds)        the thread waits for a database, without the GIL
    adownload, aquery          the same for asyncio: only the task waits
"""

import asyncio
import hashlib
import time

_BLOCK = bytes(1 << 20)


def compute(seconds):
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        pass


def native(seconds):
    # Hashing a large block releases the GIL.
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        hashlib.sha256(_BLOCK)


def download(name, seconds):
    time.sleep(seconds)
    return f"contents of {name}"


def query(sql, seconds):
    time.sleep(seconds)
    return f"rows of {sql}"


async def adownload(name, seconds):
    await asyncio.sleep(seconds)
    return f"contents of {name}"


async def aquery(sql, seconds):
    await asyncio.sleep(seconds)
    return f"rows of {sql}"
