"""ratings.to_numpy() makes one array, and one dtype, of all three columns."""

from solutions.part4.training import *

FAILS = ["4.1"]
SAYS = "dtype int64"


def make_loader(ratings, batch_size=1024, shuffle=True, seed=0):
    table = torch.tensor(ratings.to_numpy(), dtype=torch.float32)
    dataset = TensorDataset(table[:, 0], table[:, 1], table[:, 2])
    rows = SequentialSampler(dataset)
    if shuffle:
        rows = RandomSampler(dataset, generator=torch.Generator().manual_seed(seed))
    batches = BatchSampler(rows, batch_size, drop_last=False)
    return DataLoader(dataset, sampler=batches, batch_size=None)
