"""A batch may hold a movie twice, which nobody thinks of."""

from solutions.part7.deep import *

FAILS = ["7.2"]
SAYS = "is a negative of itself"


def in_batch_softmax(user_vectors, movie_vectors, movie_idx, log_popularity=None):
    rows = torch.arange(len(movie_idx))
    scores = user_vectors @ movie_vectors.T
    if log_popularity is not None:
        scores = scores - log_popularity[movie_idx]
    return F.cross_entropy(scores, rows)
