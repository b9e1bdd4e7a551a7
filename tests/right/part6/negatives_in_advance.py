"""All negatives are drawn before the order; batches are slices."""

from solutions.part6.explore import *


def train_bpr_epoch(
    model, user_idx, movie_idx, seen, optimizer, generator, batch_size=1024, l2=0.0
):
    drawn = sample_negatives(user_idx, seen, generator)
    triples = torch.stack([user_idx, movie_idx, drawn], dim=1)
    triples = triples[torch.rand(len(triples), generator=generator).argsort()]
    model.train(True)
    total = torch.zeros((), dtype=torch.float64)
    for start in range(0, len(triples), batch_size):
        u, i, j = triples[start : start + batch_size].unbind(dim=1)
        per_pair = F.softplus(model(u, j) - model(u, i))
        lengths = sum(
            (table[rows] ** 2).sum(-1)
            for table, rows in (
                (model.user_embedding.weight, u),
                (model.movie_embedding.weight, i),
                (model.movie_embedding.weight, j),
            )
        )
        model.zero_grad()
        (per_pair + l2 * lengths).mean().backward()
        optimizer.step()
        total += per_pair.detach().sum()
    return (total / len(triples)).item()
