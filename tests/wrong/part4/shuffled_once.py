"""The frame is shuffled with the seed before the loader is made, and never again."""

from solutions.part4.training import *

FAILS = ["4.1"]
SAYS = "shuffled once"


def make_loader(ratings, batch_size=1024, shuffle=True, seed=0):
    if shuffle:
        ratings = ratings.sample(frac=1, random_state=seed)
    dataset = TensorDataset(
        torch.tensor(ratings["user_idx"].to_numpy(), dtype=torch.int64),
        torch.tensor(ratings["movie_idx"].to_numpy(), dtype=torch.int64),
        torch.tensor(ratings["rating"].to_numpy(), dtype=torch.float32),
    )
    rows = SequentialSampler(dataset)
    batches = BatchSampler(rows, batch_size, drop_last=False)
    return DataLoader(dataset, sampler=batches, batch_size=None)
