"""The double counts as a hit, too."""

from solutions.part7.deep import *

FAILS = ["7.2"]
SAYS = "the double counts as a positive"


def in_batch_softmax(user_vectors, movie_vectors, movie_idx, log_popularity=None):
    rows = torch.arange(len(movie_idx))
    doubles = (movie_idx[:, None] == movie_idx) & ~torch.eye(len(rows), dtype=torch.bool)
    scores = user_vectors @ movie_vectors.T
    if log_popularity is not None:
        scores = scores - log_popularity[movie_idx]
    same = doubles | torch.eye(len(rows), dtype=torch.bool)
    chances = scores.log_softmax(dim=1)
    return -chances.masked_fill(~same, -torch.inf).logsumexp(dim=1).mean()
