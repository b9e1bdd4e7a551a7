"""The reported loss is measured apart, with the same scores and without gradients."""

from solutions.part6.explore import *


def train_bpr_epoch(
    model, user_idx, movie_idx, seen, optimizer, generator, batch_size=1024, l2=0.0
):
    model.train()
    sums = []
    order = torch.randperm(user_idx.shape[0], generator=generator)
    for k in torch.split(order, batch_size):
        u, i = user_idx[k], movie_idx[k]
        j = sample_negatives(u, seen, generator)
        with torch.no_grad():
            gap = model(u, i) - model(u, j)
            sums.append(-F.logsigmoid(gap).sum().item())
        total = bpr_loss(model(u, i), model(u, j))
        for table, index in (("user", u), ("movie", i), ("movie", j)):
            vectors = getattr(model, f"{table}_embedding")(index)
            total = total + l2 * torch.einsum("bf,bf->b", vectors, vectors).mean()
        optimizer.zero_grad(set_to_none=False)
        total.backward()
        optimizer.step()
    return sum(sums) / len(order)
