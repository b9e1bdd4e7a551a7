"""The labels are reset on the frame itself."""

from solutions.part4.training import *

FAILS = ["4.1"]
SAYS = "worked in place"


def make_loader(ratings, batch_size=1024, shuffle=True, seed=0):
    ratings.reset_index(drop=True, inplace=True)
    dataset = TensorDataset(
        torch.tensor(ratings["user_idx"].to_numpy(), dtype=torch.int64),
        torch.tensor(ratings["movie_idx"].to_numpy(), dtype=torch.int64),
        torch.tensor(ratings["rating"].to_numpy(), dtype=torch.float32),
    )
    rows = SequentialSampler(dataset)
    if shuffle:
        rows = RandomSampler(dataset, generator=torch.Generator().manual_seed(seed))
    batches = BatchSampler(rows, batch_size, drop_last=False)
    return DataLoader(dataset, sampler=batches, batch_size=None)
