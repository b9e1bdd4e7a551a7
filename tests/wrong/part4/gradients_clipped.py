"""Gradients are clipped to a length of 1, as in a loop for language models."""

from solutions.part4.training import *

FAILS = ["4.2"]
SAYS = "the weights are wrong afterwards"


def train_epoch(model, loader, optimizer, loss_fn, penalty=None):
    model.train()
    total_loss, n_ratings = 0.0, 0
    for user_idx, movie_idx, rating in loader:
        optimizer.zero_grad()
        loss = loss_fn(model(user_idx, movie_idx), rating)
        (loss + penalty(model, user_idx, movie_idx) if penalty else loss).backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        total_loss += loss.item() * len(rating)
        n_ratings += len(rating)
    return total_loss / n_ratings
