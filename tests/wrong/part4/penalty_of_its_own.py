"""Calls l2_penalty instead of the penalty that was given."""

from solutions.part4.training import *

FAILS = ["4.5"]
SAYS = "the penalty is never called"


def train_epoch(model, loader, optimizer, loss_fn, penalty=None):
    model.train()
    total_loss, n_ratings = 0.0, 0
    for user_idx, movie_idx, rating in loader:
        optimizer.zero_grad()
        loss = loss_fn(model(user_idx, movie_idx), rating)
        (loss + l2_penalty(model, user_idx, movie_idx) if penalty else loss).backward()
        optimizer.step()
        total_loss += loss.item() * len(rating)
        n_ratings += len(rating)
    return total_loss / n_ratings
