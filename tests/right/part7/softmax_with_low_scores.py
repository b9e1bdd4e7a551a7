"""Doubles by a very low score, not minus infinity; the loss by log_softmax and the diagonal."""

from solutions.part7.deep import *


def in_batch_softmax(user_vectors, movie_vectors, movie_idx, log_popularity=None):
    scores = torch.einsum("uf,mf->um", user_vectors, movie_vectors)
    if log_popularity is not None:
        scores -= log_popularity[movie_idx].unsqueeze(0)
    doubles = torch.eq(movie_idx.unsqueeze(0), movie_idx.unsqueeze(1)).float()
    doubles.fill_diagonal_(0)
    scores = scores - 1e9 * doubles
    return -torch.log_softmax(scores, dim=1).diagonal().mean()
