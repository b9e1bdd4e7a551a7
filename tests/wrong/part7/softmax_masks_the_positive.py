"""The same movie is masked wherever it is, the diagonal included."""

from solutions.part7.deep import *

FAILS = ["7.2"]
SAYS = "inf"


def in_batch_softmax(user_vectors, movie_vectors, movie_idx, log_popularity=None):
    rows = torch.arange(len(movie_idx))
    scores = user_vectors @ movie_vectors.T
    if log_popularity is not None:
        scores = scores - log_popularity[movie_idx]
    same = movie_idx[:, None] == movie_idx
    return F.cross_entropy(scores.masked_fill(same, -torch.inf), rows)
