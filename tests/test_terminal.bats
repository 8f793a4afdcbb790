# The real terminal: however the program ends, the terminal is sane
# afterwards.  pty_harness.py does it, in pseudo-terminals; T numbers are kinds
# of faults that have hurt programs of this sort.

setup() {
	load common
	command -v python3 > /dev/null || skip "python3 is not installed"
	python3 -c 'import os; os.openpty()' 2> /dev/null || skip "there are no pseudo-terminals"
}

holds() {
	timeout --kill-after=5 1800 python3 -B "$BATS_TEST_DIRNAME/pty_harness.py" "$@"
}

@test "T1 every signal ends it with its status and a sane terminal" { holds signals; }
@test "T1 signals at any moment of start and training" { holds signals_any_moment; }
@test "T2 faults are reported after the terminal is restored" { holds faults; }
@test "T4 SIGPIPE is ignored" { holds sigpipe; }
@test "T6 Ctrl-Z with nobody to continue it repaints at once" { holds orphan; }
@test "T7 a closed terminal ends it, SIGHUP delivered or ignored" { holds hangup; }
@test "T7 the end of the keyboard ends it" { holds end_of_input; }
@test "T8 a storm of sizes" { holds sizes; }
@test "T9 tiny screens, and an unknown size" { holds small; }
@test "T9 screens larger than the largest canvas" { holds large; }
@test "T10 kinds of terminals: refused by a message, or working" { holds term; }
@test "T10 a damaged terminal description" { holds terminfo_garbage; }
@test "T11 no escapes where there is no terminal" { holds not_a_terminal; }
@test "T12 output that is not read, or that is stopped" { holds output_blocked; }
@test "T13 random bytes from the keyboard" { holds random_keys; }
@test "T13 escape sequences that are not keys" { holds sequences; }
@test "T13 a large paste" { holds paste; }
@test "T13 a paste without its end mark" { holds stalled_paste; }
@test "T13 mouse reports" { holds mouse; }
@test "Esc and Ctrl-C leave what is open" { holds leaving; }
@test "keys without a meaning give a message" { holds no_such_key; }
@test "input that another process has flushed" { holds flushed; }
@test "Home and End of other terminals" { holds home_and_end; }
@test "mouse clicks on bars and hints" { holds clicks; }
@test "another palette at once" { holds palette; }
@test "the terminal's background, and no letter of its answer is a key" { holds background; }
@test "the line mode at a terminal" { holds linear; }
@test "T15 ASCII frames are bytes 0x20..0x7e, Unicode frames UTF-8" { holds ascii; }
@test "T16 no colours where none are wanted" { holds colours; }
@test "T19 two signals, and a signal during the end" { holds two_signals; }
@test "q and Ctrl-C quit, also while it trains" { holds quit; }
@test "W7 a picture into a pipe that nothing reads: a message at once" { holds pipe; }
@test "W7 a picture into a pipe that is read slowly: keys are answered, a message after 2 seconds, whole in the end" { holds slow_pipe; }
@test "R8 keys are answered in the middle of a long step, and it quits" { holds long_step; }
@test "R10 memory and open files stay as they are while it trains" { holds soak; }
