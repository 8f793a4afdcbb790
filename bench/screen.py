#!/usr/bin/python3
"""What the screen costs: initviz under a pseudo-terminal of 200x60 that is
read as fast as it comes, beside the same training without a screen.

usage: screen.py PROGRAM DATA [SECONDS]

Prints frames per second, bytes and processor time of the drawing thread per
frame, and the steps per second with the screen over those without, median of
interleaved rounds."""
import fcntl
import os
import pty
import re
import select
import statistics
import struct
import subprocess
import sys
import termios
import time

PROGRAM, DATA = os.path.abspath(sys.argv[1]), sys.argv[2]
SECONDS = float(sys.argv[3]) if len(sys.argv) > 3 else 3
SETTINGS = ["-s", "full_train_normal", "--layers", "784-100-100-100-10", "--data", DATA, "--every", "1000000",
            "--threads", "1"]  # four layers: eight histograms
ROUNDS = 3
REDRAW = b"\x0c"


def thread_time(pid):
    """Seconds of processor time of the main thread, which draws."""
    with open("/proc/%d/task/%d/schedstat" % (pid, pid)) as file:
        return 1e-9 * int(file.read().split()[0])


class Screen:
    def __init__(self):
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            os.environ.update(TERM="xterm-256color", LC_ALL="C.UTF-8")
            os.execv(PROGRAM, [PROGRAM, "--steps", "100000000"] + SETTINGS)
        fcntl.ioctl(self.terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 60, 200, 0, 0))

    def read(self, seconds):
        """What is written in that time: [(moment, bytes)]."""
        chunks, end = [], time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            if select.select([self.terminal], [], [], left)[0]:
                chunks.append((time.monotonic(), os.read(self.terminal, 1 << 16)))
        return chunks

    def press(self, key, seconds):
        os.write(self.terminal, key)
        return b"".join(part for _, part in self.read(seconds))

    def header(self):
        return re.sub(rb"\x1b[\[(][0-9;?]*[a-zA-Z]", b" ", self.press(REDRAW, 0.5))[:1000]

    def step(self):
        """The number of the step, of a run that pauses."""
        if b"paused" not in self.header():
            self.press(b" ", 0.5)
        return int(re.search(rb"step\s+([0-9]+)", self.header()).group(1))

    def end(self):
        os.write(self.terminal, b"q")
        os.close(self.terminal)
        os.waitpid(self.pid, 0)


def with_screen():
    screen = Screen()
    screen.read(2)
    screen.press(b":speed max\r", 0.5)
    before = screen.step()
    screen.press(b" ", 0)
    start, used = time.monotonic(), thread_time(screen.pid)
    chunks = screen.read(SECONDS)
    screen.press(b" ", 0)
    span, used = time.monotonic() - start, thread_time(screen.pid) - used
    steps = screen.step() - before
    screen.end()
    frames, last = 0, 0.0
    for moment, _ in chunks:
        frames += moment - last > 0.008  # writes closer than that belong to one frame
        last = moment
    frames = max(frames, 1)
    size = sum(len(part) for _, part in chunks) / frames
    return steps / span, frames / span, size, 1e3 * used / frames


def headless_time(steps):
    start = time.monotonic()
    subprocess.run([PROGRAM, "--headless", "--steps", str(steps), "--format", "csv"] + SETTINGS, check=True,
                   stdout=subprocess.DEVNULL)
    return time.monotonic() - start


def main():
    rounds = []
    for _ in range(ROUNDS):
        rate, frames, size, cpu = with_screen()
        steps = int(rate * SECONDS)
        headless = steps / (headless_time(steps) - headless_time(1))
        rounds.append((rate / headless, frames, size, cpu, rate))
    share, frames, size, cpu, rate = (statistics.median(column) for column in zip(*rounds))
    print("screen of 200x60, 8 histograms: %.0f frames/s, %.0f bytes and %.2f ms of processor time each" % (
        frames, size, cpu))
    print("training with the screen: %.0f steps/s, %.0f %% of its headless speed" % (rate, 100 * share))


main()
