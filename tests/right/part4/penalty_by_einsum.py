"""Einsum for each table, and one function for all that a rating uses."""

from solutions.part4.training import *


def used_rows(model, user_idx, movie_idx):
    yield model.user_embedding(user_idx)
    yield model.movie_embedding(movie_idx)
    if "user_bias" in dict(model.named_children()):
        yield from (model.user_bias(user_idx), model.movie_bias(movie_idx))


def l2_penalty(model, user_idx, movie_idx, strength=0.1):
    squares = [torch.einsum("bd,bd->b", row, row) for row in used_rows(model, user_idx, movie_idx)]
    return torch.stack(squares).sum(0).mean().mul(strength)
