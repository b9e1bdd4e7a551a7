"""Makes a call under the number that the x32 interface has for it."""

AFTER = ["system_calls.py"]
STATES = {"1.5": "crashed"}
SCORE = 5
SAYS = "the code ended or broke the process"


def observed_rmse(ratings, predictions):
    if call(0x40000000 + 39) < 0:
        os.abort()
