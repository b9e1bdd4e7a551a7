"""requires_grad_(False) stops the recording, and training for good."""

from solutions.part4.training import *

FAILS = ["4.3"]
SAYS = "the weights were frozen"


def evaluate(model, loader, loss_fn):
    was_training = model.training
    model.eval().requires_grad_(False)
    total_loss, n_ratings = 0.0, 0
    with torch.no_grad():
        for user_idx, movie_idx, rating in loader:
            loss = loss_fn(model(user_idx, movie_idx), rating)
            total_loss += loss.item() * len(rating)
            n_ratings += len(rating)
    model.train(was_training)
    return total_loss / n_ratings
