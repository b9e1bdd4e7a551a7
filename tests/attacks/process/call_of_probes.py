"""Makes the call that only the kernel's own code can make."""

AFTER = ["system_calls.py"]
STATES = {"1.5": "crashed"}
SCORE = 5
SAYS = "the code ended or broke the process"


def observed_rmse(ratings, predictions):
    if call(335) < 0:
        os.abort()
