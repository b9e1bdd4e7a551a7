"""The loader of every tutorial: batches put together rating by rating."""

from solutions.part4.training import *


def make_loader(ratings, batch_size=1024, shuffle=True, seed=0):
    dataset = TensorDataset(
        torch.tensor(ratings["user_idx"].to_numpy(), dtype=torch.int64),
        torch.tensor(ratings["movie_idx"].to_numpy(), dtype=torch.int64),
        torch.tensor(ratings["rating"].to_numpy(), dtype=torch.float32),
    )
    generator = torch.Generator().manual_seed(seed)
    return DataLoader(dataset, batch_size=batch_size, shuffle=shuffle, generator=generator)


def train_epoch(model, loader, optimizer, loss_fn, penalty=None):
    """A step with a closure, as optimizers take it that look more than once."""
    model.train()
    losses, sizes = [], []
    for user_idx, movie_idx, rating in loader:

        def closure(user_idx=user_idx, movie_idx=movie_idx, rating=rating):
            optimizer.zero_grad(set_to_none=False)
            loss = loss_fn(input=model(user_idx, movie_idx), target=rating)
            (loss + penalty(model, user_idx, movie_idx) if penalty else loss).backward()
            return loss

        losses.append(float(optimizer.step(closure)))
        sizes.append(len(rating))
    return sum(loss * size for loss, size in zip(losses, sizes, strict=True)) / sum(sizes)


@torch.inference_mode()
def evaluate(model, loader, loss_fn):
    mode = model.training
    model.train(False)
    try:
        total, n = torch.tensor(0.0, dtype=torch.float64), 0
        for *pairs, rating in loader:
            total += loss_fn(model(*pairs), rating).double() * rating.numel()
            n += rating.numel()
        return (total / n).item()
    finally:
        model.train(mode)
