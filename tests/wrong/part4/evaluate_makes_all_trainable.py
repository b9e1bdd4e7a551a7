"""The weights are frozen while measuring, and afterwards every one of them is trainable."""

from solutions.part4.training import *

FAILS = ["4.3"]
SAYS = "all weights were made trainable"


def evaluate(model, loader, loss_fn):
    was_training = model.training
    model.eval().requires_grad_(False)
    total_loss, n_ratings = 0.0, 0
    for user_idx, movie_idx, rating in loader:
        loss = loss_fn(model(user_idx, movie_idx), rating)
        total_loss += loss.item() * len(rating)
        n_ratings += len(rating)
    model.train(was_training).requires_grad_(True)
    return total_loss / n_ratings
