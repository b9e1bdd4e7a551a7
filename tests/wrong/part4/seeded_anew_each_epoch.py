"""The learner seeds where the order is drawn, which is at the start of every epoch."""

from solutions.part4.training import *

FAILS = ["4.1"]
SAYS = "seeded anew"


class Batches(Sampler):
    def __init__(self, n, batch_size, shuffle, seed):
        self.n, self.batch_size, self.shuffle, self.seed = n, batch_size, shuffle, seed

    def __len__(self):
        return -(-self.n // self.batch_size)

    def __iter__(self):
        generator = torch.Generator().manual_seed(self.seed)
        order = torch.arange(self.n)
        if self.shuffle:
            order = torch.randperm(self.n, generator=generator)
        return iter(order.split(self.batch_size))


def make_loader(ratings, batch_size=1024, shuffle=True, seed=0):
    dataset = TensorDataset(
        torch.tensor(ratings["user_idx"].to_numpy(), dtype=torch.int64),
        torch.tensor(ratings["movie_idx"].to_numpy(), dtype=torch.int64),
        torch.tensor(ratings["rating"].to_numpy(), dtype=torch.float32),
    )
    batches = Batches(len(dataset), batch_size, shuffle, seed)
    return DataLoader(dataset, sampler=batches, batch_size=None)
