"""Returns a mapping that holds other keys each time it is read."""

from collections.abc import Mapping

STATES = {"1.2": "crashed", "1.5": "wrong"}
SCORE = 5


class Changing(Mapping):
    def __init__(self, keys):
        self.keys_to_come = keys

    def __iter__(self):
        yield self.keys_to_come.pop(0) if self.keys_to_come else "last"

    def __getitem__(self, key):
        return 0.0

    def __len__(self):
        return 1


def user_similarity(ratings):
    return Changing(["first", ("second",)])


def observed_rmse(ratings, predictions):
    return Changing(["first", "$"])
