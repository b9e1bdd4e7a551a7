"""torch.randint draws row numbers, but some come twice and others never."""

from solutions.part4.training import *

FAILS = ["4.1"]
SAYS = "drawn with replacement"


def make_loader(ratings, batch_size=1024, shuffle=True, seed=0):
    dataset = TensorDataset(
        torch.tensor(ratings["user_idx"].to_numpy(), dtype=torch.int64),
        torch.tensor(ratings["movie_idx"].to_numpy(), dtype=torch.int64),
        torch.tensor(ratings["rating"].to_numpy(), dtype=torch.float32),
    )
    rows = SequentialSampler(dataset)
    if shuffle:
        generator = torch.Generator().manual_seed(seed)
        rows = RandomSampler(dataset, replacement=True, generator=generator)
    batches = BatchSampler(rows, batch_size, drop_last=False)
    return DataLoader(dataset, sampler=batches, batch_size=None)
