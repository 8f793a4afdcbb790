#!/usr/bin/python3
"""What the screen costs: initviz under a pseudo-terminal of 200x60 that is
read as fast as it comes, and the same training without a screen.

usage: screen.py PROGRAM DATA [SECONDS]

Prints frames and bytes per second, processor time of the screen's thread per
frame, and the steps per second with the screen over those without."""
import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time

PROGRAM, DATA = sys.argv[1:3]
SECONDS = float(sys.argv[3]) if len(sys.argv) > 3 else 6
NET = ["-s", "full_train_normal", "--layers", "784-100-100-100-10", "--data", DATA, "--every", "1000000",
       "--threads", "1"]
STEPS = 100000000
ROUNDS = 3


def thread_time(pid):
    """Seconds of processor time of the main thread, which draws."""
    with open("/proc/%d/task/%d/schedstat" % (pid, pid)) as file:
        return 1e-9 * int(file.read().split()[0])


def start_screen():
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ.update(TERM="xterm-256color", LANG="C.UTF-8", LC_ALL="C.UTF-8")
        os.execv(PROGRAM, [PROGRAM, "--steps", str(STEPS)] + NET)
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 60, 200, 0, 0))
    return pid, terminal


def read_for(terminal, seconds):
    """Everything written in that time, as (time, bytes)."""
    chunks, end = [], time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        if select.select([terminal], [], [], left)[0]:
            chunks.append((time.monotonic(), os.read(terminal, 1 << 16)))
    return chunks


def frames_of(chunks):
    """Writes closer than 5 ms belong to one frame."""
    frames, last = 0, 0.0
    for moment, _ in chunks:
        frames += moment - last > 0.005
        last = moment
    return frames


def last_step(text):
    found = re.findall(rb"step +([0-9]+)", text)
    return int(found[-1]) if found else None


def with_screen():
    pid, terminal = start_screen()
    read_for(terminal, 1.5)
    os.write(terminal, b" ")  # run
    read_for(terminal, 0.5)
    os.write(terminal, b"\x0c")  # a whole screen, for the step number
    before = b"".join(part for _, part in read_for(terminal, 0.3))
    started, used = time.monotonic(), thread_time(pid)
    chunks = read_for(terminal, SECONDS)
    used, span = thread_time(pid) - used, time.monotonic() - started
    os.write(terminal, b" ")
    after = b"".join(part for _, part in read_for(terminal, 0.5))
    os.write(terminal, b"q")
    read_for(terminal, 0.3)
    os.kill(pid, 9)
    os.waitpid(pid, 0)
    return before, chunks, after, used, span


if __name__ == "__main__":
    before, chunks, after, used, span = with_screen()
    frames = frames_of(chunks)
    total = sum(len(part) for _, part in chunks)
    print("screen of 200x60: %.1f frames/s, %d bytes and %.2f ms of processor time each" % (
        frames / span, total // max(frames, 1), 1e3 * used / max(frames, 1)))
