#!/usr/bin/python3
"""What the screen costs: initviz under a pseudo-terminal of 200x60 that is
read as fast as it comes, beside the same training without a screen.

usage: screen.py PROGRAM DATA [SECONDS]

Prints frames per second, bytes and processor time of the drawing thread per
frame, at the speed that training begins with and at full speed, and the steps
per second with the screen over those without; medians of interleaved rounds."""
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
REDRAW, CLEARED = b"\x0c", b"\x1b[2J"


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
        output = self.press(REDRAW, 0.5)
        return re.sub(rb"\x1b[\[(][0-9;?]*[a-zA-Z]", b" ", output[output.rindex(CLEARED):])[:1000]

    def step(self):
        """The number of the step, of a run that pauses or is about to."""
        self.read(0.5)
        header = self.header()
        assert b"paused" in header, header
        return int(re.search(rb"step\s+([0-9]+)", header).group(1))

    def run(self, seconds):
        """Steps a second, frames a second, bytes of a typical frame, milliseconds of the drawing thread for each."""
        before = self.step()
        self.press(b" ", 0)
        start, used = time.monotonic(), thread_time(self.pid)
        chunks = self.read(seconds)
        self.press(b" ", 0)
        span, used = time.monotonic() - start, thread_time(self.pid) - used
        frames = frames_of(chunks)
        return ((self.step() - before) / span, len(frames) / span, statistics.median(frames), 1e3 * used / len(frames))

    def end(self):
        os.write(self.terminal, b"q")
        os.close(self.terminal)
        os.waitpid(self.pid, 0)


def frames_of(chunks):
    """The sizes of frames: what is written within 8 ms belongs to one."""
    frames, last = [], 0.0
    for moment, part in chunks:
        if moment - last > 0.008:
            frames.append(0)
        frames[-1] += len(part)
        last = moment
    return frames


def with_screen():
    screen = Screen()
    screen.read(2)
    paced = screen.run(SECONDS)
    screen.press(b":speed max\r", 0.5)
    full = screen.run(SECONDS)
    screen.end()
    return paced, full


def headless_time(steps):
    start = time.monotonic()
    subprocess.run([PROGRAM, "--headless", "--steps", str(steps), "--format", "csv"] + SETTINGS, check=True,
                   stdout=subprocess.DEVNULL)
    return time.monotonic() - start


def main():
    paced, full, share = [], [], []
    for _ in range(ROUNDS):
        at_first, then = with_screen()
        steps = int(then[0] * SECONDS)
        paced.append(at_first)
        full.append(then)
        share.append(then[0] * (headless_time(steps) - headless_time(1)) / steps)
    print("screen of 200x60, 8 histograms:")
    for rounds in paced, full:
        print("  at %.0f steps/s: %.0f frames/s, %.0f bytes and %.2f ms of processor time each" % tuple(
            statistics.median(column) for column in zip(*rounds)))
    print("training with the screen: %.0f %% of its headless speed" % (100 * statistics.median(share)))


main()
