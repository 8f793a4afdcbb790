"""Runs initviz in a pseudo-terminal, as a hostile user would, and checks that
the terminal is sane afterwards: modes, screen, cursor, attributes, last lines,
exit status.  Usage: pty_harness.py CASE; the program is $INITVIZ.

A case is a function below whose name begins with case_; exit status 0 means
that it held, 77 that this machine cannot run it."""

import errno
import fcntl
import json
import os
import random
import re
import resource
import select
import shutil
import signal
import struct
import sys
import tempfile
import termios
import threading
import time

PROGRAM = os.path.abspath(os.environ.get("INITVIZ", "./initviz"))
READY = b"help"  # in the hint bar of every complete frame
IDLE = 60  # seconds after which a program that uses no CPU time hangs
PATIENCE = 300  # seconds for anything that must happen, on a busy machine too; not a measurement

SMCUP, RMCUP = b"\x1b[?1049h", b"\x1b[?1049l"  # of TERM=xterm-256color
SWITCHES = [  # what is switched on and must be off at the end
    (SMCUP, RMCUP, "alternate screen"),
    (b"\x1b[?25l", b"\x1b[?25h", "hidden cursor"),
    (b"\x1b[?1h", b"\x1b[?1l", "keypad mode"),
    (b"\x1b[?2004h", b"\x1b[?2004l", "bracketed paste"),
    (b"\x1b[?1000h", b"\x1b[?1000l", "mouse"),
    (b"\x1b[?1006;1000h", b"\x1b[?1006;1000l", "mouse"),
    (b"\x1b[4h", b"\x1b[4l", "insert mode"),
]
SGR = re.compile(rb"\x1b\[([0-9;]*)m")
ESCAPES = re.compile(rb"\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b\[[0-?]*[ -/]*[@-~]|\x1b[()][A-Z0-9]|\x1b[ -~]")


class Failure(Exception):
    pass


def check(holds, message):
    if not holds:
        raise Failure(message)


def set_size(fd, columns, rows):
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


class Run:
    """One run of the program, `under` the command of another one.  It leads a session of
    its own, so that the pseudo-terminal is its controlling terminal and nobody else's."""

    def __init__(self, *arguments, size=(80, 24), env=None, ignore=(), keep_slave=True, stdin=None, stdout=None,
                 stderr=None, under=()):
        self.output = b""
        self.status = None
        self.master, slave = os.openpty()
        set_size(slave, *size)
        self.modes = termios.tcgetattr(slave)
        environment = dict(os.environ, TERM="xterm-256color", LC_ALL="C.UTF-8", INITVIZ_DATA="/nonexistent")
        for name in ("NO_COLOR", "TERMINFO", "LINES", "COLUMNS", "COLORTERM"):
            environment.pop(name, None)
        for name, value in (env or {}).items():
            environment.pop(name, None)
            if value is not None:
                environment[name] = value
        self.folder = tempfile.mkdtemp()
        ended = resource.getrusage(resource.RUSAGE_CHILDREN)
        self.others = ended.ru_utime + ended.ru_stime  # CPU time of earlier runs
        self.pid = os.fork()
        if self.pid == 0:
            try:
                os.setsid()
                fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
                os.chdir(self.folder)
                resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
                for number in ignore:
                    signal.signal(number, signal.SIG_IGN)
                for number in (signal.SIGPIPE, signal.SIGXFSZ):  # python ignores them
                    signal.signal(number, signal.SIG_DFL)
                for fd, given in ((0, stdin), (1, stdout), (2, stderr)):
                    os.dup2(slave if given is None else given, fd)
                os.closerange(3, 256)
                command = [*under, PROGRAM, *arguments]
                os.execvpe(command[0], command, environment)
            finally:
                os._exit(126)
        self.slave = slave if keep_slave else None
        if not keep_slave:
            os.close(slave)
        os.set_blocking(self.master, False)

    def read(self, seconds=0.0):
        """Takes what the program has written; returns whether there was any."""
        try:
            if not select.select([self.master], [], [], seconds)[0]:
                return False
            data = os.read(self.master, 65536)
        except OSError as error:
            if error.errno != errno.EIO:
                raise
            time.sleep(seconds)
            return False
        self.output += data
        return bool(data)

    def ended(self):
        if self.status is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.status = os.waitstatus_to_exitcode(status)
        return self.status is not None

    def wait_for(self, pattern, since=0):
        end = time.monotonic() + PATIENCE
        while re.search(pattern, self.output[since:]) is None:
            check(not self.ended() or self.read(), f"ended with {self.status} before it wrote {pattern!r}: "
                                                   f"{self.output[-300:]!r}")
            check(time.monotonic() < end, f"never wrote {pattern!r}: {self.output[-300:]!r}")
            self.read(0.05)
        return self

    def ready(self):
        return self.wait_for(READY)

    def rest(self, seconds):
        end = time.monotonic() + seconds
        while time.monotonic() < end and not self.ended():
            self.read(0.01)
        return self

    def send(self, data):
        """Types, reading meanwhile: a terminal does both at once."""
        end = time.monotonic() + PATIENCE
        while data and not self.ended():
            check(time.monotonic() < end, f"takes no more input, {len(data)} bytes left")
            try:
                data = data[os.write(self.master, data[:1024]):]
            except BlockingIOError:
                self.read(0.01)
            except OSError as error:
                if error.errno != errno.EIO:
                    raise
                break
            while self.read():
                pass
        return self

    def kill(self, number):
        if not self.ended():
            os.kill(self.pid, number)
        return self

    def resize(self, columns, rows):
        set_size(self.master, columns, rows)
        return self

    def finish(self, reading=True):
        end = time.monotonic() + PATIENCE
        while not self.ended():
            check(time.monotonic() < end, f"does not end: {self.output[-300:]!r}")
            if reading:
                self.read(0.02)
            else:
                time.sleep(0.02)
        while self.read():
            pass
        return self

    def close(self):
        if not self.ended():
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        for fd in (self.master, self.slave):
            if fd is not None:
                os.close(fd)
        shutil.rmtree(self.folder)

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.close()

    # ---- what must hold afterwards ----

    def exits(self, *codes):
        """Exit statuses, or the negative number of the signal it dies of."""
        self.finish()
        check(self.status in codes, f"exit status {self.status} instead of {codes}: {self.output[-300:]!r}")
        return self

    def has_modes(self):
        check(termios.tcgetattr(self.slave) == self.modes, "the terminal's modes are not as they were")
        return self

    def sane(self):
        self.finish()
        self.has_modes()
        for on, off, name in SWITCHES:
            check(self.output.rfind(on) <= self.output.rfind(off), f"{name} is left on")
        styles = SGR.findall(self.output)
        check(not styles or styles[-1] in (b"", b"0", b"39;49"), f"attributes are left on: {styles[-1:]}")
        plain = b"\x1b(B\x1b[m"
        check(not styles or self.output.rfind(plain) > self.output.rfind(b"\x1b[38;5;"), "a colour is left on")
        if SMCUP in self.output:
            tail = ESCAPES.sub(b"", self.output[self.output.rfind(RMCUP) + len(RMCUP):]).replace(b"\r", b"")
            check(re.fullmatch(rb"([ -~]*\n)*", tail) is not None, f"not whole lines after the screen: {tail!r}")
        return self

    def message(self, *words):
        """The last line names these."""
        for word in words:
            check(word in self.output.decode("utf-8", "replace"), f"no '{word}' in {self.output!r}")
        return self


def write_images(folder):
    """Four IDX files of 4 x 4 pixels; the folder."""
    for name, count, rank in [("train-images-idx3", 24, 3), ("train-labels-idx1", 24, 1), ("t10k-images-idx3", 10, 3),
                              ("t10k-labels-idx1", 10, 1)]:
        sizes = struct.pack(">III", count, 4, 4)[:4 * rank]
        values = bytes(i * 37 % 256 for i in range(16 * count)) if rank == 3 else bytes(i % 10 for i in range(count))
        with open(os.path.join(folder, name + "-ubyte"), "wb") as file:
            file.write(bytes([0, 0, 8, rank]) + sizes + values)
    return folder


def cpu_seconds(pid):
    """What a process has used, of all its threads."""
    with open(f"/proc/{pid}/stat") as file:
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def begins(*arguments, **options):
    return Run(*arguments, **options)


# ---- signals ----

ENDING = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT]
OTHERS = [signal.SIGUSR1, signal.SIGUSR2, signal.SIGALRM, signal.SIGXCPU, signal.SIGXFSZ, signal.SIGVTALRM,
          signal.SIGPROF, signal.SIGTRAP, signal.SIGIO, signal.SIGRTMIN, signal.SIGRTMAX]
FAULTS = [signal.SIGSEGV, signal.SIGBUS, signal.SIGFPE, signal.SIGILL, signal.SIGABRT, signal.SIGSYS]


def case_signals():
    """T1: each ends the program, with its own status, the terminal restored."""
    for number in ENDING + OTHERS:
        with begins() as run:
            run.ready().kill(number).exits(-number).sane()


def case_signals_any_moment():
    """T1: during the start, the first frames, training, and a return from Ctrl-Z."""
    chance = random.Random(1)
    for i in range(24):
        number = chance.choice(ENDING + OTHERS + FAULTS)
        with begins() as run:
            if i % 4:
                run.ready().send([b" ", b" \x1a", b"?"][i % 4 - 1])
            run.rest(chance.uniform(0, 0.15)).kill(number).exits(-number).sane()


def case_faults():
    """T2: a report line, then the default action."""
    for number in FAULTS:
        with begins() as run:
            run.ready().kill(number).exits(-number).sane().message("internal error", "report")


def case_two_signals():
    """T19: a second signal, a signal during the end."""
    chance = random.Random(2)
    for first, second in [(signal.SIGINT, signal.SIGINT), (signal.SIGINT, signal.SIGTERM),
                          (signal.SIGTERM, signal.SIGSEGV), (signal.SIGHUP, signal.SIGHUP)] * 3:
        with begins() as run:
            run.ready().kill(first)
            time.sleep(chance.uniform(0, 0.01))
            run.kill(second).exits(-first, -second).sane()
    for _ in range(6):
        with begins() as run:
            run.ready().send(b"q")
            time.sleep(chance.uniform(0, 0.01))
            run.kill(signal.SIGTERM).exits(0, -signal.SIGTERM).sane()


def case_sigpipe():
    """T4: of no importance."""
    with begins() as run:
        run.ready().kill(signal.SIGPIPE).rest(0.1).send(b"q").exits(0).sane()


# ---- quitting ----

def case_quit():
    """q and Ctrl-C, at rest and while training."""
    for keys, status in [(b"q", 0), (b"\x03", -signal.SIGINT), (b" q", 0), (b" \x03", -signal.SIGINT)]:
        with begins() as run:
            run.ready().send(keys[:1])
            if len(keys) > 1:
                run.rest(0.3).send(keys[1:])
            run.exits(status).sane()


def case_orphan():
    """T6: nobody could continue us after Ctrl-Z: the screen is back at once."""
    with begins() as run:
        run.ready().rest(0.1)
        before = len(run.output)
        run.send(b"\x1a").wait_for(re.escape(SMCUP), before).wait_for(READY, before)
        run.send(b"q").exits(0).sane()


def spent(run):
    """Seconds of CPU time that the run has used, before or after its end."""
    if not run.ended():
        return cpu_seconds(run.pid)
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return ended.ru_utime + ended.ru_stime - run.others


def ends_without_turning(run, before, *codes):
    """It ends at once, which is measured in CPU time: no busy loop.  One that neither ends nor
    uses time fails by the limit, which decides nothing else."""
    end = time.monotonic() + IDLE
    while not run.ended():
        check(spent(run) - before < 1, f"it does not end: it used {spent(run) - before:.2f} s of CPU time")
        check(time.monotonic() < end, "it does not end: it waits")
        time.sleep(0.02)
    run.exits(*codes)
    check(spent(run) - before < 1, f"it used {spent(run) - before:.2f} s of CPU time before it ended")


def case_hangup():
    """T7: the terminal is closed, SIGHUP delivered or ignored, at rest and in training."""
    for ignored, expected in [((), -signal.SIGHUP), ((signal.SIGHUP,), 4)]:
        for keys in (b"", b" "):
            with begins(keep_slave=False, ignore=ignored) as run:
                run.ready().send(keys).rest(0.1)
                before = spent(run)
                os.close(run.master)
                run.master = os.open("/dev/null", os.O_RDWR)
                ends_without_turning(run, before, expected)


def case_end_of_input():
    """T7: the keyboard is gone, the screen is not."""
    master, slave = os.openpty()
    with begins(stdin=slave) as run:
        os.close(slave)
        run.ready()
        before = spent(run)
        os.close(master)
        ends_without_turning(run, before, 4)
        run.sane().message("closed")


def case_output_blocked():
    """T12: nobody reads what is drawn, or the user has stopped it."""
    with begins() as run:
        run.ready().send(b" ")
        time.sleep(1)
        run.kill(signal.SIGTERM).finish(reading=False)
        run.exits(-signal.SIGTERM).has_modes()
    with begins() as run:
        run.ready().send(b" \x13").rest(0.3).send(b"\t\t").rest(0.1).send(b"\x03").exits(-signal.SIGINT).sane()
    with begins() as run:
        run.ready().send(b" \x13").rest(0.3).send(b"q").exits(0).sane()


def close_help(run):
    """A key that follows Esc before the view is back would be Alt with that key."""
    seen = len(run.output)
    return run.send(b"\x1b").wait_for(b"saturated", seen)


def case_pipe():
    """W7: a picture into a pipe that nothing reads: a message, and the screen goes on."""
    with begins() as run:
        os.mkfifo(os.path.join(run.folder, "x.svg"))
        run.ready().send(b":snapshot x.svg\r").wait_for(b"nothing reads this pipe")
        seen = len(run.output)
        run.send(b"?").wait_for(b"close", seen)
        close_help(run).send(b"q").exits(0).sane()


class SlowReader(threading.Thread):
    """Reads a FIFO a page at a time, until it may go on, or stops reading."""

    def __init__(self, path):
        super().__init__(daemon=True)
        self.data, self.whole, self.hurry, self.stop = b"", False, False, False
        self.fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        fcntl.fcntl(self.fd, 1031, 4096)  # F_SETPIPE_SZ
        os.set_blocking(self.fd, True)
        self.start()

    def run(self):
        while not self.stop:
            more = os.read(self.fd, 4096)
            self.data += more
            self.whole = bool(self.data) and not more
            if self.whole:
                break
            if not self.hurry:
                time.sleep(0.2)
        if self.whole:
            os.close(self.fd)


def case_slow_pipe():
    """A picture into a pipe that is read slowly: keys are answered meanwhile, after two
    seconds a message says so, and it is whole in the end, after `q` too."""
    for leaves in (False, True):
        with begins("-d", "digits", size=(250, 80)) as run:
            path = os.path.join(run.folder, "x.svg")
            os.mkfifo(path)
            reader = SlowReader(path)
            run.ready().wait_for(b"saturated").send(b":snapshot x.svg\r").wait_for(b"saving x.svg")
            seen = len(run.output)
            run.send(b"?").wait_for(b"close", seen)
            check(not reader.whole, "the key waited for the pipe")
            run.wait_for(b"not written after 2 seconds", seen)
            check(not reader.whole, "the message waited for the pipe")
            if leaves:
                close_help(run).send(b"q").wait_for(re.escape(RMCUP), seen)
                check(not reader.whole, "the pipe was read already")
            reader.hurry = True
            if not leaves:
                close_help(run.wait_for(b"saved x.svg", seen)).send(b"q")
            run.exits(0).sane()
            reader.join(PATIENCE)
            check(reader.data.endswith(b"</svg>\n"), "the picture is not whole")
    with begins("-d", "digits", size=(250, 80)) as run:
        path = os.path.join(run.folder, "x.svg")
        os.mkfifo(path)
        reader = SlowReader(path)
        reader.stop = True
        run.ready().wait_for(b"saturated").send(b":snapshot x.svg\r").wait_for(b"its reader has stopped reading").send(b"q").exits(0).sane()


def case_long_step():
    """R8: keys are answered, and the program quits, in the middle of a long step."""
    slow = {"INITVIZ_MATRIX": "naive"}
    with begins("--layers", "*-1000-1000-*", "-b", "5000", "--probe", "10", "--threads", "1", env=slow) as run:
        run.ready().send(b" ").wait_for(b"running|\xe2\x96\xb6")
        before = cpu_seconds(run.pid)
        seen = len(run.output)
        run.send(b"?").wait_for(b"(?s).{500}", seen)
        check(cpu_seconds(run.pid) - before < 5, "a key waited for the step")
        run.send(b"\x1b").rest(0.1)
        run.send(b"q").exits(0).sane()


def case_soak():
    """R10: while it trains on, memory and open files stay as they are."""
    def state(run):
        with open(f"/proc/{run.pid}/statm") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE"), len(os.listdir(f"/proc/{run.pid}/fd"))

    if not os.path.exists("/proc/self/statm"):
        return
    # few images: the built-in digits are drawn when they are needed, and kept
    with tempfile.TemporaryDirectory() as images, begins("-d", write_images(images), "--layers", "*-8-*", "-b", "1", "--probe", "10", "--every", "1000000000", "-n", "1000000000") as run:
        run.ready().send(b":speed max\r").rest(0.1).send(b" ")
        states = []
        for seconds in (2, 4, 6, 8):
            while cpu_seconds(run.pid) < seconds:
                run.read(0.02)
            states.append(state(run))
        check(states[-1][1] == states[0][1], f"open files: {states}")
        # it may take a step, when old observations or checkpoints are thinned out first; a leak grows all the time
        growth = [after[0] - before[0] for before, after in zip(states, states[1:])]
        check(min(growth) < 100_000, f"memory grows: {states}")
        run.send(b" ").rest(0.1).send(b"q").exits(0).sane()


# ---- sizes ----

def case_sizes():
    """T8: a storm of sizes, with keys, while training."""
    chance = random.Random(3)
    with begins() as run:
        run.ready().send(b" ")
        for _ in range(300):
            run.resize(chance.randint(1, 300), chance.randint(1, 120))
            if chance.random() < 0.2:
                run.send(chance.choice([b"\t", b"?", b"\x1b[B", b"v"]))
            run.read(0.002)
        before = len(run.output)
        run.resize(80, 24).wait_for(READY, before).send(b"qq").exits(0).sane()  # help may be open


def case_small():
    """T9: tiny screens; 0 x 0 means that the size is unknown: 80 x 24 is used."""
    for size in [(1, 1), (1, 200), (200, 1), (39, 10), (2, 2)]:
        with begins(size=size) as run:
            run.wait_for(re.escape(SMCUP)).rest(0.1).send(b"\t?v qq").exits(0).sane()
    with begins(size=(0, 0)) as run:
        run.ready().wait_for(rb"\x1b\[24;|\x1b\[24d").send(b"q").exits(0).sane()


def case_large():
    with begins(size=(1200, 1100)) as run:
        run.ready().send(b"q").exits(0).sane()


# ---- kinds of terminals ----

def no_screen(run, *words):
    run.exits(2).has_modes().message("--headless", *words)
    check(b"\x1b" not in run.output, f"escapes without a screen: {run.output!r}")


def case_term():
    """T10: unknown terminals are refused by a message, others work."""
    for term in [None, "", "no-such-terminal", "dumb"]:
        with begins(env={"TERM": term}) as run:
            no_screen(run, "TERM")
    with begins(env={"TERM": "\x1b]0;evil\x07"}) as run:
        no_screen(run, "TERM")
    for term, kind in [("xterm-of-tomorrow", "xterm-256color"), ("tmux-of-tomorrow", "screen-256color"), (None, "xterm-256color")]:
        with begins(env={"TERM": term}) as run:
            no_screen(run, f"try TERM={kind}")
    for term in ["xterm", "vt100", "vt220", "linux", "screen", "tmux-256color", "rxvt", "ansi", "xterm-mono", "xterm-color"]:
        with begins(env={"TERM": term}) as run:
            run.ready().send(b"q").exits(0).has_modes()


def case_terminfo_garbage():
    """T10: a damaged description is refused or passed over."""
    chance = random.Random(4)
    with tempfile.TemporaryDirectory() as folder:
        for name in ("x", "78"):
            os.mkdir(os.path.join(folder, name))
            with open(os.path.join(folder, name, "xterm-256color"), "wb") as file:
                file.write(b"\x1a\x01" + chance.randbytes(2000))
        with begins(env={"TERMINFO": folder}) as run:
            run.rest(1).send(b"q").exits(0, 2).has_modes()


def case_not_a_terminal():
    """T11: neither input nor output may be anything else."""
    reading, writing = os.pipe()
    with begins(stdout=writing) as run:
        os.close(writing)
        no_screen(run, "output")
        check(os.read(reading, 100) == b"", "something was written into the pipe")
    nothing = os.open("/dev/null", os.O_RDWR)
    with begins(stdin=nothing) as run:
        no_screen(run, "input")


def plain(output):
    return ESCAPES.sub(b"", output)


def case_ascii():
    """T15: ASCII means bytes 0x20..0x7e."""
    for arguments, locale in [(["--ascii"], "C.UTF-8"), ([], "C"), ([], "no_SUCH.UTF-8")]:
        with begins(*arguments, env={"LC_ALL": locale}) as run:
            run.ready().send(b" \t").rest(0.3).send(b"?").rest(0.1).send(b"qq").exits(0).sane()
            odd = re.findall(rb"[^ -~\r\n\x08\t]", plain(run.output))
            check(not odd, f"{arguments} {locale}: {set(odd)}")
    for arguments, locale in [([], "C.UTF-8"), (["--unicode"], "C")]:
        with begins(*arguments, env={"LC_ALL": locale}) as run:
            run.ready().rest(0.5).send(b"q").exits(0).sane()
            plain(run.output).decode("utf-8")
            check(re.search(rb"[\x80-\xff]", plain(run.output)), f"{arguments} {locale}: no block characters")


def is_colour(parameters):
    return any(30 <= int(n or 0) <= 49 or 90 <= int(n or 0) <= 107 for n in parameters.split(b";"))


def case_colours():
    """T16: none where none are wanted."""
    for arguments, env, expected in [
            ([], {}, True), ([], {"NO_COLOR": "1"}, False), ([], {"NO_COLOR": ""}, True),
            (["--color=never"], {}, False), (["--color=always"], {"NO_COLOR": "1"}, True),
            ([], {"TERM": "xterm-mono"}, False), (["--palette=monochrome"], {}, False)]:
        with begins(*arguments, env=env) as run:
            run.ready().send(b" ").rest(0.3).send(b"?").rest(0.1).send(b"qq").exits(0).has_modes()
            found = any(is_colour(style) for style in SGR.findall(run.output))
            check(found == expected, f"{arguments} {env}: colours {found}, not {expected}")


# ---- keys ----

FATAL_KEYS = bytes([3, 26, 28, 17, 19]) + b"q"  # end, suspend, flow control


def case_random_keys():
    """T13: any bytes; those that mean quit left out."""
    chance = random.Random(5)
    for _ in range(2):
        with begins() as run:
            keys = bytes(b for b in chance.randbytes(4000) if b not in FATAL_KEYS)
            run.ready().send(keys.replace(b"\r", b"x").replace(b"\n", b"y")).rest(0.2)
            check(not run.ended(), "random keys ended it")
            # Ctrl-C closes what is open over the view, then the program; the first ones may
            # end an escape sequence that the random bytes began. None after the screen: the
            # terminal would echo it.
            seen, end = len(run.output), time.monotonic() + PATIENCE
            while RMCUP not in run.output[seen:] and not run.ended() and time.monotonic() < end:
                run.send(b"\x03").rest(0.2)
            run.exits(-signal.SIGINT).sane()


def case_sequences():
    """T13: sequences that are not keys contain no keys: a q in them does not quit."""
    sequences = [b"\x1b[?997q", b"\x1b]11;rgb:qqqq/qqqq\x07", b"\x1bP>|q(1)\x1b\\", b"\x1b[<0;10;10M\x1b[<0;10;10m",
                 b"\x1b[M qq", b"\x1b[?62;22c", b"\x1b[97;5u", b"\x1b[I\x1b[O", b"\x1bq", b"\x1bOq",
                 b"\x1b_Gq;OK\x1b\\", b"\x1b[200~q\rq\n\x1b[201~"]
    with begins() as run:
        run.ready()
        for sequence in sequences:
            run.send(sequence).rest(0.05)
            check(not run.ended(), f"{sequence!r} was taken for keys")
        run.rest(0.3).send(b"q").exits(0).sane()


def case_paste():
    """T13: a large paste neither freezes nor commands."""
    with begins() as run:
        run.ready().send(b"\x1b[200~" + b"quit\rset lr 1\n:q\r" * 16000 + b"\x1b[201~").rest(0.1)
        check(not run.ended(), "a paste was taken for keys")
        run.send(b"q").exits(0).sane()


def case_stalled_paste():
    """T13: a paste whose end mark is late or lost does not turn into commands."""
    with begins() as run:
        run.ready().send(b"\x1b[200~text")
        time.sleep(1.3)
        seen = len(run.output)
        run.send(b"q\rq").wait_for(b"paste has not ended", seen).rest(0.2)
        check(not run.ended(), "a stalled paste was taken for keys")
        time.sleep(1.2)
        run.send(b"\x1b").rest(0.3).send(b"q").exits(0).sane()


def case_leaving():
    """Esc and Ctrl-C leave what is open over the view, and only that; typed ahead, too."""
    for opening in (b":st", b":", b"?", b"?/sat", b",", b",\r", b"e"):
        for key in (b"\x1b", b"\x03"):
            with begins("-d", "digits") as run:
                run.ready().send(opening)
                for _ in range(2 if opening in (b"?/sat", b",\r") else 1):
                    run.rest(0.2).send(key)
                run.rest(1 if opening == b"e" else 0.2)  # the report is busy measuring
                check(not run.ended(), f"{opening!r}, {key!r} ended it")
                run.send(b"q").exits(0).sane()
    with begins() as run:
        run.ready().send(b":step\x03q").exits(0).sane()


def case_no_such_key():
    """A key without a function gives a message, also a key whose name curses knows."""
    for key, name in ((b"~", b"~"), (b"\x1b[15~", b"this key"), (b"\xc3\xa9", b"U\\+00E9")):
        with begins("-d", "digits") as run:
            run.ready().wait_for(b"layer 3")
            seen = len(run.output)
            run.send(key).wait_for(name + b": no such key", seen).send(b"q").exits(0).sane()


def case_flushed():
    """Another process reads what was typed: that is not the end of the input."""
    with begins() as run:
        run.ready()
        end = time.monotonic() + 3
        while time.monotonic() < end and not run.ended():
            run.send(b"\t")
            for _ in range(20):
                termios.tcflush(run.slave, termios.TCIFLUSH)
            run.read()
        check(not run.ended(), f"ended with {run.status}: {run.output[-200:]!r}")
        run.rest(0.2).send(b"q").exits(0).sane()


def case_home_and_end():
    """Home and End as PuTTY, rxvt, the Linux console and xterm send them, whatever TERM says."""
    homes = [b"\x1b[1~", b"\x1b[7~", b"\x1b[H", b"\x1bOH"]
    ends = [b"\x1b[4~", b"\x1b[8~", b"\x1b[F", b"\x1bOF"]
    for term in ["xterm-256color", "xterm", "vt100", "vt220", "linux", "screen", "rxvt", "ansi"]:
        with begins("-d", "digits", env={"TERM": term}, size=(160, 40)) as run:
            run.ready().wait_for(b"saturated").send(b"?")
            for home, end in zip(homes, ends):
                seen = len(run.output)
                run.send(end + b"\x0c").wait_for(b"PCG32", seen)
                seen = len(run.output)
                run.send(home + b"\x0c").wait_for(b"View ", seen)
            run.send(b"?").rest(0.1).send(b"q").exits(0).has_modes()


def case_mouse():
    with begins("--mouse") as run:
        run.ready().wait_for(rb"\x1b\[\?1006;1000h|\x1b\[\?1000h")
        run.send(b"\x1b[<64;5;5M\x1b[<65;5;5M\x1b[<0;5;5M").rest(0.1).kill(signal.SIGSEGV)
        run.exits(-signal.SIGSEGV).sane()


def click(column, row):
    return b"\x1b[<0;%d;%dM\x1b[<0;%d;%dm" % (column, row, column, row)


def case_clicks():
    """A click on a bar tells its values, on a hint does what its key does."""
    with begins("--mouse", "-s", "1") as run:
        run.ready().wait_for(rb"\x1b\[\?1006;1000h|\x1b\[\?1000h").wait_for(b"layer 3")
        run.send(click(45, 6)).wait_for(b"layer 1, z from ").wait_for(b"values")
        run.send(click(78, 24)).exits(0).sane()  # `quit` ends the hint bar


def case_linear():
    """Lines of words at a terminal: it trains while commands are typed."""
    with Run("--linear", "-d", "digits", "-n", "100000000", "--every", "10", env={"TERM": "dumb"}) as run:
        run.wait_for(b"step 0: ").send(b"run\n").wait_for(b"running\r").wait_for(b"step 20: ")
        seen = len(run.output)  # before it is sent: sending reads what comes meanwhile
        run.send(b"pause\n").wait_for(b"paused\r", seen).send(b"layer 2\n").wait_for(b"layer 2 .*variance of z ")
        check(b"\x1b" not in run.output, "it moves the cursor")
        run.send(b"quit\n").exits(0).has_modes()


def case_palette():
    """Another palette changes the colours of what is on the screen."""
    with begins("-s", "1") as run:
        run.ready().wait_for(b"layer 3")
        before = set(SGR.findall(run.output))
        seen = len(run.output)
        run.send(b":palette contrast\r").wait_for(b"projectors", seen).rest(0.1)
        check(set(SGR.findall(run.output[seen:])) - before, "the colours are the same")
        run.send(b"q").exits(0).sane()


def case_background():
    """The terminal is asked for its background; no letter of the answer is a key."""
    asked, white, light = b"\x1b]11;?\x07", b"\x1b]11;rgb:ffff/ffff/ffff", b"38;5;241"
    with begins("-s", "1", env={"COLORFGBG": None}) as run:  # the first frame waits for no answer
        run.ready().wait_for(b"layer 3")
        check(asked in run.output, "it does not ask")
        check(light not in run.output, "it chooses before there is an answer")
        seen = len(run.output)
        run.send(white[:9]).rest(0.6).send(white[9:] + b"\x07").wait_for(light, seen).rest(0.3)  # ffff is four cures
        text = ESCAPES.sub(b"", run.output[seen:])
        check(b"cured" not in text and b"2 nets" not in text and b"layer 1" in text, f"the answer is typed: {text!r}")
        run.send(b"q").exits(0).sane()
    with begins("-s", "1", env={"COLORFGBG": None}) as run:  # the user's choice stays
        seen = len(run.ready().output)
        run.send(b":palette contrast\r").wait_for(b"projectors", seen).send(white + b"\x07").rest(0.5)
        check(light not in run.output, "the answer wins over the user")
        run.send(b"q").exits(0).sane()
    for arguments, env in [([], {"COLORFGBG": "15;0"}), (["--palette=default"], {}), ([], {"NO_COLOR": "1"}),
                           ([], {"TERM": "linux"})]:
        with begins("-s", "1", *arguments, env={"COLORFGBG": None, **env}) as run:
            run.ready().send(b"q").exits(0).has_modes()
            check(asked not in run.output, f"{arguments} {env}: it asks")
    with begins("-s", "1", env={"COLORFGBG": None}) as run:  # ended before the answer comes: the shell must not get it
        run.wait_for(re.escape(asked)).send(b"q" + white + b"\x07").exits(0)
        left = struct.unpack("i", fcntl.ioctl(run.slave, termios.FIONREAD, b"\0" * 4))[0]
        check(left == 0, f"{left} bytes are left to the shell")


def main():
    cases = {name[5:]: function for name, function in globals().items() if name.startswith("case_")}
    chosen = sys.argv[1:] or list(cases)
    if not os.access(PROGRAM, os.X_OK):
        print(f"{PROGRAM} is not there: set INITVIZ", file=sys.stderr)
        return 77
    for name in chosen:
        try:
            cases[name]()
        except Failure as failure:
            print(f"{name}: {failure}", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
