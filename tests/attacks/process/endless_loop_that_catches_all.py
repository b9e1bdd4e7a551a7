"""Loops for ever and swallows whatever is raised to stop it."""

STATES = {"1.5": "timeout"}
SCORE = 5
SAYS = "did not stop when told to"


def observed_rmse(ratings, predictions):
    while True:
        try:
            while True:
                pass
        except:
            continue
