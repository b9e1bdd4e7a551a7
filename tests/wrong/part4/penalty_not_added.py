"""Computes the sum, keeps it nowhere, and goes on with the loss."""

from solutions.part4.training import *

FAILS = ["4.5"]
SAYS = "the penalty makes no difference"


def train_epoch(model, loader, optimizer, loss_fn, penalty=None):
    model.train()
    total_loss, n_ratings = 0.0, 0
    for user_idx, movie_idx, rating in loader:
        optimizer.zero_grad()
        loss = loss_fn(model(user_idx, movie_idx), rating)
        if penalty is not None:
            loss + penalty(model, user_idx, movie_idx)
        loss.backward()
        optimizer.step()
        total_loss += loss.item() * len(rating)
        n_ratings += len(rating)
    return total_loss / n_ratings
