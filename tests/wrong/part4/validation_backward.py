"""The training loop is copied; the step is removed and the backward stays."""

from solutions.part4.training import *

FAILS = ["4.3"]
SAYS = "a backward during validation"


def evaluate(model, loader, loss_fn):
    was_training = model.training
    model.eval()
    total_loss, n_ratings = 0.0, 0
    with torch.enable_grad():
        for user_idx, movie_idx, rating in loader:
            loss = loss_fn(model(user_idx, movie_idx), rating)
            loss.backward()
            total_loss += loss.item() * len(rating)
            n_ratings += len(rating)
    model.train(was_training)
    return total_loss / n_ratings
