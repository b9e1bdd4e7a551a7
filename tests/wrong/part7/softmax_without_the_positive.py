"""The positive is taken out of what it is compared with."""

from solutions.part7.deep import *

FAILS = ["7.2"]
SAYS = "the positive is missing"


def in_batch_softmax(user_vectors, movie_vectors, movie_idx, log_popularity=None):
    rows = torch.arange(len(movie_idx))
    doubles = (movie_idx[:, None] == movie_idx) & ~torch.eye(len(rows), dtype=torch.bool)
    scores = user_vectors @ movie_vectors.T
    if log_popularity is not None:
        scores = scores - log_popularity[movie_idx]
    rest = scores.masked_fill(doubles | torch.eye(len(rows), dtype=torch.bool), -torch.inf)
    return (rest.logsumexp(dim=1) - scores.diag()).mean()
