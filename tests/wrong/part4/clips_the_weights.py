"""Weights are kept from growing, and the learner does that once per epoch, here."""

from solutions.part4.training import *

FAILS = ["4.3"]
SAYS = "the users changed"


def evaluate(model, loader, loss_fn):
    was_training = model.training
    model.eval()
    total_loss, n_ratings = 0.0, 0
    with torch.no_grad():
        for user_idx, movie_idx, rating in loader:
            loss = loss_fn(model(user_idx, movie_idx), rating)
            total_loss += loss.item() * len(rating)
            n_ratings += len(rating)
    for weight in model.parameters():
        weight.data.clamp_(-0.8, 0.8)
    model.train(was_training)
    return total_loss / n_ratings
