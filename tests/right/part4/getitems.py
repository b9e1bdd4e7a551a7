"""A Dataset that hands out whole batches through __getitems__, and an identity as collate_fn."""

import torch

from solutions.part4.training import *


class Table(torch.utils.data.Dataset):
    def __init__(self, ratings):
        self.indices = torch.tensor(ratings[["user_idx", "movie_idx"]].to_numpy())
        self.ratings = torch.tensor(ratings["rating"].to_numpy())

    def __len__(self):
        return len(self.ratings)

    def __getitem__(self, row):
        return (*self.indices[row], self.ratings[row])

    def __getitems__(self, rows):
        users, movies = self.indices[rows].T
        return users, movies, self.ratings[rows]


def make_loader(ratings, batch_size=1024, shuffle=True, seed=0):
    return DataLoader(
        Table(ratings),
        batch_size,
        shuffle=shuffle,
        generator=torch.Generator().manual_seed(seed),
        collate_fn=lambda batch: batch,
    )


def train_epoch(model, loader, optimizer, loss_fn, penalty=None):
    model.train()
    total, n = 0, 0
    for batch in loader:
        *indices, rating = batch
        optimizer.zero_grad(set_to_none=False)
        loss = loss_fn(model(*indices), rating)
        (loss + penalty(model, *indices) if penalty else loss).backward()
        optimizer.step()
        total = total + loss.detach() * rating.shape[0]
        n += rating.shape[0]
    return (total / n).item()
