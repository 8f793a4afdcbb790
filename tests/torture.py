"""What can go wrong at any moment, at every moment: memory refused, the
process killed while it writes, calls of the system that fail.

Usage: torture.py CASE [RUNS]; the program is $INITVIZ, the library that refuses
memory $FAIL_ALLOC.  RUNS are spread evenly over all moments there are; without
RUNS each has its turn.  Exit status 77: this machine cannot run the case."""

import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from pty_harness import PROGRAM, Failure, Run, check

FAIL_ALLOC = os.environ.get("FAIL_ALLOC", "")
PATIENCE = 300  # seconds for anything that must happen, on a busy machine too
TINY = ["-d", "digits", "--layers", "*-3-*", "-n", "2", "--every", "1", "--probe", "4", "-b", "2"]


class CannotRun(Exception):
    pass


def spread(count, runs):
    """The numbers 1 .. count, or so many of them."""
    return range(1, count + 1) if runs is None else sorted({1 + i * count // runs for i in range(min(runs, count))})


def environment(**more):
    # one thread of OpenBLAS: it ends the process by itself where it is refused more
    return dict(os.environ, LC_ALL="C", INITVIZ_DATA="/nonexistent", OPENBLAS_NUM_THREADS="1", **more)


class Folder:
    def __enter__(self):
        self.path = tempfile.mkdtemp()
        return self

    def __exit__(self, *exception):
        shutil.rmtree(self.path)

    def file(self, name, text=None):
        path = os.path.join(self.path, name)
        if text is not None:
            with open(path, "w") as file:
                file.write(text)
        return path

    def temporaries(self):
        return [name for name in os.listdir(self.path) if name.startswith(".initviz")]


# ---- memory ----

def refusing(at=0, after=False, count=""):
    if not os.path.exists(FAIL_ALLOC):
        raise CannotRun("the library that refuses memory was not made: FAIL_ALLOC")
    return {"LD_PRELOAD": FAIL_ALLOC, "FAIL_ALLOC_AT": str(at), "FAIL_ALLOC_AFTER": "1" if after else "",
            "FAIL_ALLOC_COUNT": count}


def requests_of(run, folder):
    """How many requests for memory a run makes that is refused none."""
    count = folder.file("count")
    run(refusing(count=count))
    with open(count) as file:
        return int(file.read())


HEADLESS = [["--help"], ["--version"], ["--list", "completion-bash"], ["--headless"],
            ["-o", "file.json", "--threads", "2"], ["--format", "csv", "--init", "orthogonal", "--optimizer", "adam"],
            ["--script", "script", "--record", "run.jsonl"], ["--snapshot", "screen.svg", "--normalization", "batch"]]
SCRIPT = "step 1\nview layer\nkey Tab Tab ? Esc\ninit he\nlr *2\nstep 1\nsnapshot screen.txt\nexpect step 1 1\n"


def case_headless(runs):
    """R1: ends by itself with 0 or 5, a message with the latter, and no temporary."""
    done = 0
    for arguments in HEADLESS:
        with Folder() as folder:
            folder.file("script", SCRIPT)
            options = arguments if arguments[0].startswith(("--help", "--v", "--l")) else TINY + arguments

            def run(env):
                return subprocess.run([PROGRAM, *options], env=environment(**env), cwd=folder.path, capture_output=True,
                                      stdin=subprocess.DEVNULL, timeout=PATIENCE)
            for n in spread(requests_of(run, folder), runs):
                for after in (False, True):
                    result = run(refusing(n, after))
                    where = f"{arguments} request {n}{' and later ones' if after else ''}: {result.stderr!r}"
                    check(result.returncode in (0, 5), f"status {result.returncode}: {where}")
                    check(result.returncode == 0 or result.stderr.startswith(b"initviz: "), f"no message: {where}")
                    check(not folder.temporaries(), f"a temporary is left: {where}")
                    done += 1
    check(done > 0, "nothing was tried")
    return done


KEYS = [b" ", b"\t\x1b[B", b":init he\r", b"?", b"\x1b", b"\t\t\x15", b"q"]


def play(env, codes):
    """Some keys while memory is short; the terminal is sane afterwards."""
    with Run(*TINY, env=env) as run:
        end = time.monotonic() + 20  # it may never come: memory is short
        while b"help" not in run.output and not run.ended() and time.monotonic() < end:
            run.read(0.01)
        for keys in KEYS:
            run.send(keys).rest(0.03)
        if not run.rest(1).ended():  # what was typed went into a line that is still open
            run.send(b"\x1b").rest(0.1).send(b"q").finish()
        try:
            run.exits(*codes).sane()
            check(run.status != 5 or b"initviz: " in run.output, "no message")
        except Failure as failure:
            raise Failure(f"{env}: {failure}") from None


def play_all(runs, codes, **spared):
    with Folder() as folder:
        count = requests_of(lambda env: play(dict(env, **spared), codes), folder)
    done = 0
    for n in spread(count, runs):
        for after in (False, True) if runs is None else (n % 2 == 0,):
            play(dict(refusing(n, after), **spared), codes)
            done += 1
    return done


def case_screen(runs):
    """R1: whatever of ours fails, the end is in order."""
    return play_all(runs, (0, 5), FAIL_ALLOC_SPARE="1", OPENBLAS_NUM_THREADS="1")


def case_curses(runs):
    """R1: what curses is refused makes it exit, or fault (ncurses 6.4): the terminal is sane all the same."""
    return play_all(runs, (0, 1, 2, 5, -signal.SIGSEGV), OPENBLAS_NUM_THREADS="1")


# ---- killed ----

FILE_CALLS = ["?write,?writev,?pwrite64", "?ftruncate", "?fsync,?fdatasync", "?rename,?renameat,?renameat2"]


def killing(calls, n, folder, path=None):
    """The command under which the program is killed at its n-th of these calls, or of those for a file."""
    only = ["-P", path] if path else []
    return ["strace", "-f", "-qq", "-o", folder.file("trace"), *only, "-e", f"inject={calls}:signal=KILL:when={n}"]


def check_whole(path, old, whole, where):
    """The old file, which may be none, or the new one; nothing else is there but temporaries."""
    now = None
    if os.path.exists(path):
        with open(path, "rb") as file:
            now = file.read()
    check(now == old or whole(now or b""), f"{where}: the file is torn: {(now or b'')[:80]!r}, {len(now or b'')} bytes")


def put(path, old):
    if old is None:
        if os.path.exists(path):
            os.unlink(path)
        return
    with open(path, "wb") as file:
        file.write(old)


def case_killed(runs):
    """W4: killed at each call on the way of a file: the old file or the new one, whole."""
    needs_strace()
    killed = 0
    with Folder() as folder:
        path = folder.file("run.json")
        text = subprocess.run([PROGRAM, *TINY, "--format", "json"], env=environment(), capture_output=True, check=True).stdout
        for old in (b"old\n", None):
            for calls in FILE_CALLS:
                for n in range(1, 1 + (runs or 200)):
                    put(path, old)
                    command = [*killing(calls, n, folder), PROGRAM, *TINY, "-o", path]
                    status = subprocess.run(command, env=environment(), timeout=PATIENCE).returncode
                    check_whole(path, old, text.__eq__, f"killed at {calls} {n}")
                    if status != -signal.SIGKILL:
                        check(status == 0, f"killed at {calls} {n}: status {status}")
                        break
                    killed += 1
    check(killed >= 6, f"it was killed only {killed} times")
    return killed


def is_saved_run(data):
    try:
        lines = [json.loads(line) for line in data.splitlines()]
        return lines[0]["observations"] == len(lines) - 1
    except (ValueError, IndexError, KeyError):
        return False


def case_killed_on_screen(runs):
    """T3: the same for a run saved from the screen."""
    needs_strace()
    killed = 0
    with Folder() as folder:
        path = folder.file("run.jsonl")
        for old in (b"old\n", None):
            for calls in FILE_CALLS:
                # its own file is known by its name; only these calls of the screen's are none for a terminal
                for only in (path, None) if re.search("sync|rename", calls) else (path,):
                    for n in range(1, 1 + (runs or 200)):
                        put(path, old)
                        with Run(*TINY, "-s", "1", under=killing(calls, n, folder, only)) as run:
                            run.ready().wait_for(b"guessing").send(b":save " + path.encode() + b"\rq").finish()
                        check_whole(path, old, is_saved_run, f"killed at {calls} {n}")
                        if run.status == 0:
                            break
                        check(run.status == -signal.SIGKILL, f"killed at {calls} {n}: status {run.status}")
                        killed += 1
    check(killed >= 4, f"it was killed only {killed} times")
    return killed


def case_together(runs):
    """W6: many at once write the same file: it is one of theirs, whole."""
    with Folder() as folder:
        path, texts, processes = folder.file("run.json"), [], []
        for seed in range(4):
            texts.append(subprocess.run([PROGRAM, *TINY, "--seed", str(seed), "--format", "json"], env=environment(),
                                        capture_output=True, check=True).stdout)
        for i in range(runs or 50):
            processes.append(subprocess.Popen([PROGRAM, *TINY, "--seed", str(i % 4), "-o", path], env=environment()))
        for process in processes:
            check(process.wait(PATIENCE) == 0, "one of them failed")
        with open(path, "rb") as file:
            check(file.read() in texts, "the file is of more than one")
        check(not folder.temporaries(), "a temporary is left")
    return len(processes)


# ---- calls of the system ----

def strace(arguments, inject, folder, trace=None):
    """Runs the program with one of its calls failing."""
    command = ["strace", "-f", "-qq", "-o", trace or folder.file("trace"), "-e", f"inject={inject}", PROGRAM, *arguments]
    return subprocess.run(command, env=environment(), cwd=folder.path, capture_output=True, stdin=subprocess.DEVNULL,
                          timeout=PATIENCE)


def needs_strace():
    if shutil.which("strace") is None or subprocess.run(["strace", "-qq", "-o", "/dev/null", "true"],
                                                        capture_output=True).returncode:
        raise CannotRun("strace does not work here")


def case_output_calls(runs):
    """W2, W8: any call on the way of a file fails: 4, the old file, no temporary."""
    needs_strace()
    done = 0
    faults = [("write", "ENOSPC"), ("write", "EIO"), ("fsync", "EIO"), ("rename", "EACCES"), ("fchmod", "EPERM")]
    with Folder() as folder:
        for call, error in faults[:runs]:
            path = folder.file("run.json", "old\n")
            result = strace([*TINY, "-o", path], f"{call}:error={error}:when=1", folder)
            check(result.returncode == 4, f"{call} {error}: status {result.returncode}: {result.stderr!r}")
            check(result.stderr.startswith(b"initviz: "), f"{call} {error}: no message")
            with open(path) as file:
                check(file.read() == "old\n", f"{call} {error}: the old file is gone")
            check(not folder.temporaries(), f"{call} {error}: a temporary is left")
            done += 1
        # what passes by itself is tried again
        path = folder.file("run.json", "old\n")
        whole = subprocess.run([PROGRAM, *TINY, "--format", "json"], env=environment(), capture_output=True, check=True).stdout
        result = strace([*TINY, "-o", path], "write:error=EINTR:when=1+2", folder)
        check(result.returncode == 0, f"write EINTR: status {result.returncode}: {result.stderr!r}")
        with open(path, "rb") as file:
            check(file.read() == whole, "write EINTR: not the same bytes")
    return done + 1


CALLS = [("openat", "EMFILE"), ("openat", "EACCES"), ("read", "EIO"), ("read", "EINTR"), ("write", "EIO"), 
         ("fcntl", "EMFILE"), ("newfstatat", "EIO"), ("clone3", "EAGAIN"), ("close", "EIO"), ("poll", "EINTR")]


def case_calls(runs):
    """The n-th call of each kind fails: no crash, no hang, a message for every failure."""
    needs_strace()
    done = 0
    with Folder() as folder:
        arguments = [*TINY, "-o", folder.file("run.json"), "--threads", "2", "--script", folder.file("script", SCRIPT)]
        for call, error in CALLS:
            trace = folder.file("calls")
            subprocess.run(["strace", "-f", "-qq", "-o", trace, "-e", f"trace={call}", PROGRAM, *arguments], env=environment(),
                           cwd=folder.path, capture_output=True, timeout=PATIENCE)
            with open(trace) as file:
                count = sum(call in line for line in file)
            for n in spread(min(count, 200), runs):
                result = strace(arguments, f"{call}:error={error}:when={n}", folder)
                where = f"{call} {n} {error}: status {result.returncode}: {result.stderr!r}"
                # 127: the loader; negative: a signal
                check(result.returncode in (0, 1, 2, 3, 4, 5, 127), where)
                check(result.returncode == 0 or result.stderr.strip() or call == "write", f"no message: {where}")
                done += 1
    check(done > 0, "nothing was tried")
    return done


def case_no_exec(runs):
    """R9: no process but this one; every file opened is closed for others."""
    needs_strace()
    with Folder() as folder:
        trace = folder.file("trace")
        arguments = [*TINY, "-o", folder.file("run.json"), "--script", folder.file("script", SCRIPT), "--record", folder.file("r.jsonl")]
        subprocess.run(["strace", "-f", "-qq", "-o", trace, "-e", "trace=execve,fork,vfork,clone,openat,pipe,pipe2,socket,dup,dup2,fcntl",
                        PROGRAM, *arguments], env=environment(), cwd=folder.path, capture_output=True, check=True)
        with open(trace) as file:
            lines = file.read().splitlines()
        execs = [line for line in lines if "execve(" in line]
        check(len(execs) == 1, f"runs other programs: {execs}")
        check(not any(re.search(r"\b(v?fork|socket)\(", line) for line in lines), "forks or opens sockets")
        ours = [line for line in lines if "openat(" in line and folder.path in line]
        check(ours, "nothing was opened")
        check(all("O_CLOEXEC" in line for line in ours), f"without O_CLOEXEC: {ours}")
    return len(ours)


# ---- time ----

def step_shown(run, name):
    path = os.path.join(run.folder, name)
    run.send(b":snapshot " + name.encode() + b"\r")
    end = time.monotonic() + PATIENCE
    while not os.path.exists(path):
        check(time.monotonic() < end and not run.ended(), "no picture of the screen")
        run.read(0.02)
    with open(path, encoding="utf-8") as file:
        return int(re.search(r"step +([0-9]+)", file.read()).group(1))


def case_stopped(runs):
    """R11: continued after a pause, it goes on at its pace and does not catch up."""
    pace, pause = 50, 3 if runs else 60
    with Run("-d", "digits", "--layers", "*-3-*", "-n", "100000") as run:
        run.ready().send(b" ").rest(0.5)
        begun = time.monotonic()
        before = step_shown(run, "before.txt")
        os.kill(run.pid, signal.SIGSTOP)
        time.sleep(pause)
        os.kill(run.pid, signal.SIGCONT)
        run.rest(0.3)
        steps = step_shown(run, "after.txt") - before
        limit = 1.5 * pace * (time.monotonic() - begun - pause) + pace / 2
        check(steps <= limit, f"{steps} steps, {limit:.0f} at most: it catches up")
        run.send(b"q").exits(0)
    return 1


LINES = [b"compare init=he", b"compare next", b"compare off", b"multiples", b"scenario 7", b"scenario 3", b"set batch 64",
         b"init orthogonal", b"lr *2", b"go first", b"go 3", b"live", b"step 20", b"scale 1 1e30", b"optimizer sgd", b"pin", b"unpin",
         b"save run.jsonl", b"snapshot screen.svg", b"data digits", b"threads 2", b"depth 5", b"probe batch", b"nonsense", b"reset"]
KEYS_AT_HAND = [b" ", b" ", b".", b">", b"\t", b"\x1b[B", b"\x1b[A", b"\x1b[D", b"\x1b[C", b"\r", b"\x1b", b"?", b"a", b"i", b"r", b"R", b"[", b"]",
                b"+", b"-", b"*", b"/", b"(", b")", b"d", b"D", b",", b"v", b"z", b"t", b"e", b"g", b"1", b"3", b"7", b"9"]


def case_keys(runs):
    """R7: so many seconds of keys, commands and sizes while it trains; for a build with a sanitizer."""
    chance = random.Random(7)
    pressed = 0
    with Run("-d", "digits", "--threads", "2") as run:
        run.ready()
        end = time.monotonic() + (runs or 60)
        while time.monotonic() < end:
            check(not run.ended(), f"ended: {run.output[-3000:]!r}")
            if chance.random() < 0.1:
                run.send(b"\x1b").rest(0.05).send(b":\x15" + chance.choice(LINES) + b"\r")
            elif chance.random() < 0.02:
                run.resize(chance.randint(1, 200), chance.randint(1, 70))
            else:
                run.send(chance.choice(KEYS_AT_HAND))
            run.rest(0.02)
            run.output = run.output[-4000:]
            pressed += 1
        run.kill(signal.SIGTERM).exits(-signal.SIGTERM)
        run.has_modes()
    return pressed


def main():
    name = sys.argv[1]
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else None
    try:
        print(f"{name}: {globals()['case_' + name](runs)} runs")
    except CannotRun as reason:
        print(f"{name}: {reason}")
        return 77
    except Failure as failure:
        print(f"{name}: {failure}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
