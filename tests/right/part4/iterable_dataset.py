"""An IterableDataset that yields whole batches, and a new seed for each epoch."""

import copy

import numpy as np
import torch
from torch.utils.data import DataLoader, IterableDataset


class Batches(IterableDataset):
    def __init__(self, columns, batch_size, shuffle, seed):
        self.columns = columns
        self.batch_size = batch_size
        self.shuffle = shuffle
        self.rng = np.random.default_rng(seed)

    def __len__(self):
        return len(self.columns[0])

    def __iter__(self):
        n = len(self)
        order = self.rng.permutation(n) if self.shuffle else np.arange(n)
        for start in range(0, n, self.batch_size):
            rows = torch.from_numpy(order[start : start + self.batch_size])
            yield tuple(column[rows] for column in self.columns)


def make_loader(ratings, batch_size=1024, shuffle=True, seed=0):
    columns = [torch.tensor(ratings[name].tolist()) for name in ("user_idx", "movie_idx", "rating")]
    return DataLoader(Batches(columns, batch_size, shuffle, seed), batch_size=None)


def train_epoch(model, loader, optimizer, loss_fn, penalty=None):
    model.train(True)
    losses, sizes = [], []
    for users, movies, ratings in loader:
        for group in optimizer.param_groups:
            for weight in group["params"]:
                weight.grad = None
        loss = loss_fn(model.forward(users, movies), ratings)
        (loss + penalty(model, users, movies) if penalty else loss).backward()
        optimizer.step()
        losses.append(loss.detach().numpy())
        sizes.append(ratings.numel())
    return np.average(losses, weights=sizes)


@torch.inference_mode()
def evaluate(model, loader, loss_fn):
    mode = model.training
    model.eval()
    predictions, targets = [], []
    for users, movies, ratings in loader:
        predictions.append(model(users, movies))
        targets.append(ratings)
    model.train(mode)
    return float(loss_fn(torch.cat(predictions), torch.cat(targets)))


def fit(
    model, train_loader, valid_loader, epochs=20, lr=5e-3, weight_decay=0, patience=3, penalty=None
):
    optimizer = torch.optim.Adam(model.parameters(), lr=lr, weight_decay=weight_decay)
    history = []
    best_model = copy.deepcopy(model)
    for epoch in range(epochs):
        train_loss = train_epoch(
            model, train_loader, optimizer, torch.nn.functional.mse_loss, penalty
        )
        valid_loss = evaluate(model, valid_loader, torch.nn.functional.mse_loss)
        history.append(dict(epoch=epoch + 1, train_loss=train_loss, valid_loss=valid_loss))
        losses = [entry["valid_loss"] for entry in history]
        best = int(np.argmin(losses))
        if best == epoch:
            best_model = copy.deepcopy(model)
        if epoch - best == patience:
            break
    model.load_state_dict(best_model.state_dict())
    return history


def l2_penalty(model, user_idx, movie_idx, strength=0.1):
    rows = [model.user_embedding(user_idx), model.movie_embedding(movie_idx)]
    if hasattr(model, "movie_bias"):
        rows += [model.user_bias(user_idx), model.movie_bias(movie_idx)]
    return strength * sum((row**2).sum(-1) for row in rows).mean()
