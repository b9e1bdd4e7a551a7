"""Liked and drawn stand side by side in one call; the step is a closure."""

from solutions.part6.explore import *


def train_bpr_epoch(
    model, user_idx, movie_idx, seen, optimizer, generator, batch_size=1024, l2=0.0
):
    model.train()
    order, total = torch.randperm(len(user_idx), generator=generator), 0.0
    while len(order) > 0:
        rows, order = order[:batch_size], order[batch_size:]
        users = user_idx[rows]
        movies = torch.stack([movie_idx[rows], sample_negatives(users, seen, generator)], dim=1)

        def closure(users=users, movies=movies):
            nonlocal total
            optimizer.zero_grad()
            if hasattr(model, "user_bias"):
                scores = model(users.repeat_interleave(2), movies.flatten()).view(-1, 2)
            else:
                scores = model(users[:, None], movies)
            loss = bpr_loss(scores[:, 0], scores[:, 1])
            total += float(loss.detach()) * len(users)
            if l2:
                rows_used = model.movie_embedding(movies).pow(2).sum(dim=(1, 2))
                loss = loss + l2 * (model.user_embedding(users).pow(2).sum(1) + rows_used).mean()
            loss.backward()
            return loss

        optimizer.step(closure)
    return total / len(user_idx)
