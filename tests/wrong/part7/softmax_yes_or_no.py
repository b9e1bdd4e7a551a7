"""Each pair by itself, as a yes or a no."""

from solutions.part7.deep import *

FAILS = ["7.2"]
SAYS = "the movies of a row must compete"


def in_batch_softmax(user_vectors, movie_vectors, movie_idx, log_popularity=None):
    rows = torch.arange(len(movie_idx))
    scores = user_vectors @ movie_vectors.T
    if log_popularity is not None:
        scores = scores - log_popularity[movie_idx]
    return F.binary_cross_entropy_with_logits(scores, torch.eye(len(rows)))
