"""A mean squared error against zeros, times the number of factors; keyword arguments only."""

from solutions.part4.training import *


def l2_penalty(model, user_idx, movie_idx, strength=0.1):
    def cost(table, idx):
        rows = table(idx)
        return rows.shape[1] * nn.functional.mse_loss(rows, torch.zeros_like(rows))

    total = cost(model.user_embedding, user_idx) + cost(model.movie_embedding, movie_idx)
    for name, idx in (("user_bias", user_idx), ("movie_bias", movie_idx)):
        table = getattr(model, name, None)
        if table is not None:
            total += cost(table, idx)
    return strength * total


def train_epoch(model, loader, optimizer, loss_fn, penalty=lambda model, user_idx, movie_idx: 0.0):
    """The penalty counts as 0 where there is none."""
    model.train()
    total_loss, n_ratings = 0.0, 0
    for user_idx, movie_idx, rating in loader:
        optimizer.zero_grad()
        loss = loss_fn(model(user_idx, movie_idx), rating)
        extra = penalty(model=model, user_idx=user_idx, movie_idx=movie_idx) if penalty else 0.0
        sum([loss, extra]).backward()
        optimizer.step()
        total_loss += loss.item() * len(rating)
        n_ratings += len(rating)
    return total_loss / n_ratings
