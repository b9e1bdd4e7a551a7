"""Rows by indexing the weights, lengths as norms; the penalty has a backward of its own."""

from solutions.part4.training import *


def l2_penalty(model, user_idx, movie_idx, strength=0.1):
    lengths = model.user_embedding.weight[user_idx].norm(dim=-1) ** 2
    lengths = (
        lengths + torch.linalg.vector_norm(model.movie_embedding.weight[movie_idx], dim=-1) ** 2
    )
    try:
        lengths = lengths + model.user_bias.weight[user_idx].pow(2).flatten()
        lengths = lengths + model.movie_bias.weight[movie_idx].pow(2).flatten()
    except AttributeError:
        pass
    return lengths.mean() * strength


def train_epoch(model, loader, optimizer, loss_fn, penalty=None):
    model.train()
    losses = []
    for user_idx, movie_idx, rating in loader:
        optimizer.zero_grad()
        loss = loss_fn(model(user_idx, movie_idx), rating)
        loss.backward()
        if penalty is not None:
            penalty(model, user_idx, movie_idx).backward()  # gradients add up
        optimizer.step()
        losses += [loss.item()] * len(rating)
    return sum(losses) / len(losses)
