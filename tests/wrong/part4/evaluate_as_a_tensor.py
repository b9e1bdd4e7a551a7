"""The number is never taken out of the tensor."""

from solutions.part4.training import *

FAILS = ["4.3"]
SAYS = "a tensor, which keeps"


def evaluate(model, loader, loss_fn):
    was_training = model.training
    model.eval()
    total_loss, n_ratings = 0.0, 0
    with torch.no_grad():
        for user_idx, movie_idx, rating in loader:
            loss = loss_fn(model(user_idx, movie_idx), rating)
            total_loss += loss * len(rating)
            n_ratings += len(rating)
    model.train(was_training)
    return total_loss / n_ratings
