"""A clean start is made before measuring, as in the training loop."""

from solutions.part4.training import *

FAILS = ["4.3"]
SAYS = "gradients were cleared"


def evaluate(model, loader, loss_fn):
    was_training = model.training
    model.eval()
    model.zero_grad()
    total_loss, n_ratings = 0.0, 0
    with torch.no_grad():
        for user_idx, movie_idx, rating in loader:
            loss = loss_fn(model(user_idx, movie_idx), rating)
            total_loss += loss.item() * len(rating)
            n_ratings += len(rating)
    model.train(was_training)
    return total_loss / n_ratings
