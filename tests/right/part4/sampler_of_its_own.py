"""A sampler that yields tensors of row numbers."""

import torch

from solutions.part4.training import *


class RowBatches(Sampler):
    def __init__(self, n_rows, batch_size, shuffle, seed):
        self.n_rows, self.batch_size, self.shuffle, self.seed = n_rows, batch_size, shuffle, seed
        self.epoch = 0

    def __len__(self):
        return -(-self.n_rows // self.batch_size)

    def __iter__(self):
        rows = torch.arange(self.n_rows)
        if self.shuffle:
            generator = torch.Generator().manual_seed(1000 * self.seed + self.epoch)
            rows = torch.randperm(self.n_rows, generator=generator)
        self.epoch += 1
        yield from rows.split(self.batch_size)


def make_loader(ratings, batch_size=1024, shuffle=True, seed=0):
    ratings = ratings.reset_index(drop=True)
    dataset = TensorDataset(
        torch.tensor(ratings.user_idx).long(),
        torch.tensor(ratings.movie_idx).long(),
        torch.tensor(ratings.rating).float(),
    )
    sampler = RowBatches(len(dataset), batch_size, shuffle, seed)
    return DataLoader(dataset, batch_size=None, sampler=sampler)


def train_epoch(model, loader, optimizer, loss_fn, penalty=None):
    """Divides by the size of the dataset, which every loader knows."""
    model.train()

    def step(user_idx, movie_idx, rating):
        optimizer.zero_grad()
        loss = loss_fn(model(user_idx=user_idx, movie_idx=movie_idx), rating)
        (loss + penalty(model, user_idx, movie_idx) if penalty else loss).backward()
        optimizer.step()
        return loss.item() * len(rating)

    return sum(step(*batch) for batch in loader) / len(loader.dataset)
