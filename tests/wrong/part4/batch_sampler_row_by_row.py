"""batch_sampler= sounds like whole batches, but the loader still fetches each row of the batch."""

from solutions.part4.training import *

FAILS = ["4.1"]
SAYS = "batch_sampler=…: both fetch single rows"


def make_loader(ratings, batch_size=1024, shuffle=True, seed=0):
    dataset = TensorDataset(
        torch.tensor(ratings["user_idx"].to_numpy(), dtype=torch.int64),
        torch.tensor(ratings["movie_idx"].to_numpy(), dtype=torch.int64),
        torch.tensor(ratings["rating"].to_numpy(), dtype=torch.float32),
    )
    rows = SequentialSampler(dataset)
    if shuffle:
        rows = RandomSampler(dataset, generator=torch.Generator().manual_seed(seed))
    batches = BatchSampler(rows, batch_size, drop_last=False)
    return DataLoader(dataset, batch_sampler=batches)
