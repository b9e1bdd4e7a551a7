"""What all tests share."""

import signal

# A script in the background has its commands ignore Ctrl-C, and `nohup` a terminal that is closed:
# so would what the tests start and end in these ways.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
if hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
