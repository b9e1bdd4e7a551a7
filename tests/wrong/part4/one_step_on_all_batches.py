"""Gradients are gathered over the epoch, as in "gradient descent" without "stochastic"."""

from solutions.part4.training import *

FAILS = ["4.2"]
SAYS = "one step after the loop"


def train_epoch(model, loader, optimizer, loss_fn, penalty=None):
    model.train()
    optimizer.zero_grad()
    total_loss, n_ratings = 0.0, 0
    for user_idx, movie_idx, rating in loader:
        loss = loss_fn(model(user_idx, movie_idx), rating)
        (loss + penalty(model, user_idx, movie_idx) if penalty else loss).backward()
        total_loss += loss.item() * len(rating)
        n_ratings += len(rating)
    optimizer.step()
    return total_loss / n_ratings
