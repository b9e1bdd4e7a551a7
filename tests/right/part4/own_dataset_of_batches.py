"""A Dataset that takes a list of rows, a loop of its own in fit, and weights copied one by one."""

import torch
from torch import nn
from torch.utils.data import BatchSampler, DataLoader, Dataset, RandomSampler, SequentialSampler


class RatingsDataset(Dataset):
    def __init__(self, ratings):
        self.users = torch.as_tensor(ratings["user_idx"].values)
        self.movies = torch.as_tensor(ratings["movie_idx"].values)
        self.stars = torch.as_tensor(ratings["rating"].values)

    def __len__(self):
        return len(self.stars)

    def __getitem__(self, rows):
        return self.users[rows], self.movies[rows], self.stars[rows]


def make_loader(ratings, batch_size=1024, shuffle=True, seed=0):
    dataset = RatingsDataset(ratings)
    if shuffle:
        generator = torch.Generator()
        generator.manual_seed(seed)
        rows = RandomSampler(dataset, generator=generator)
    else:
        rows = SequentialSampler(dataset)
    return DataLoader(dataset, batch_size=None, sampler=BatchSampler(rows, batch_size, False))


def train_epoch(model, loader, optimizer, loss_fn, penalty=None):
    model.train()
    losses = []
    for user_idx, movie_idx, rating in loader:
        prediction = model(user_idx, movie_idx)
        loss = loss_fn(prediction, rating)
        (loss + penalty(model, user_idx, movie_idx) if penalty else loss).backward()
        optimizer.step()
        optimizer.zero_grad()
        losses += [loss.item()] * len(rating)
    return sum(losses) / len(losses)


def evaluate(model, loader, loss_fn):
    mode = model.training
    model.eval()
    losses = []
    with torch.no_grad():
        for user_idx, movie_idx, rating in loader:
            losses += [loss_fn(model(user_idx, movie_idx), rating).item()] * len(rating)
    if mode:
        model.train()
    return sum(losses) / len(losses)


def fit(
    model, train_loader, valid_loader, epochs=20, lr=5e-3, weight_decay=0, patience=3, penalty=None
):
    optimizer = torch.optim.Adam(model.parameters(), lr, weight_decay=weight_decay)
    history, best, bad_epochs = [], None, 0
    while len(history) < epochs and bad_epochs < patience:
        entry = {
            "epoch": len(history) + 1,
            "train_loss": train_epoch(model, train_loader, optimizer, nn.MSELoss(), penalty),
            "valid_loss": evaluate(model, valid_loader, nn.MSELoss()),
        }
        if best is None or entry["valid_loss"] < min(e["valid_loss"] for e in history):
            best = [weight.detach().clone() for weight in model.parameters()]
            bad_epochs = 0
        else:
            bad_epochs += 1
        history.append(entry)
    with torch.no_grad():
        for weight, value in zip(model.parameters(), best, strict=True):
            weight.copy_(value)
    return history


def l2_penalty(model, user_idx, movie_idx, strength=0.1):
    rows = [model.user_embedding(user_idx), model.movie_embedding(movie_idx)]
    if hasattr(model, "movie_bias"):
        rows += [model.user_bias(user_idx), model.movie_bias(movie_idx)]
    return strength * sum((row**2).sum(-1) for row in rows).mean()
