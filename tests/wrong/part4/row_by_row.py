"""This is how every tutorial makes a loader; it fetches and stacks 1,024 single rows per batch."""

from solutions.part4.training import *

FAILS = ["4.1"]
SAYS = "batch_sampler=…: both fetch single rows"


def make_loader(ratings, batch_size=1024, shuffle=True, seed=0):
    dataset = TensorDataset(
        torch.tensor(ratings["user_idx"].to_numpy(), dtype=torch.int64),
        torch.tensor(ratings["movie_idx"].to_numpy(), dtype=torch.int64),
        torch.tensor(ratings["rating"].to_numpy(), dtype=torch.float32),
    )
    generator = torch.Generator().manual_seed(seed)
    return DataLoader(dataset, batch_size=batch_size, shuffle=shuffle, generator=generator)
