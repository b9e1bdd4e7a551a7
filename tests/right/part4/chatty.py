"""Prints, warnings and a measure before the first epoch."""

import warnings

import torch

from solutions.part4.training import *


def train_epoch(model, loader, optimizer, loss_fn, penalty=None):
    model.train()
    seen = torch.zeros(2, dtype=torch.float64)
    for number, (user_idx, movie_idx, rating) in enumerate(loader):
        optimizer.zero_grad()
        loss = loss_fn(model(user_idx, movie_idx), rating)
        print(f"batch {number}: {loss:.3f}")
        (loss + penalty(model, user_idx, movie_idx) if penalty else loss).backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1e6)
        optimizer.step()
        seen += torch.tensor([loss.item() * len(rating), len(rating)])
    warnings.warn("an epoch is over", stacklevel=2)
    return float(seen[0] / seen[1])


@torch.no_grad()
def evaluate(model, loader, loss_fn):
    mode = model.training
    model.eval()
    sums = [(loss_fn(model(u, m), r).item() * len(r), len(r)) for u, m, r in loader]
    model.train(mode)
    return sum(loss for loss, _ in sums) / sum(n for _, n in sums)


def fit(
    model, train_loader, valid_loader, epochs=20, lr=5e-3, weight_decay=0, patience=3, penalty=None
):
    optimizer = torch.optim.Adam(model.parameters(), lr=lr, weight_decay=weight_decay)
    print("before training:", evaluate(model, valid_loader, nn.MSELoss()))
    history, best, bad = [], float("inf"), 0
    for epoch in range(1, epochs + 1):
        train = train_epoch(model, train_loader, optimizer, nn.MSELoss(), penalty)
        valid = evaluate(model, valid_loader, nn.MSELoss())
        print(f"{epoch:3} {train:.4f} {valid:.4f}")
        history.append({"epoch": epoch, "train_loss": train, "valid_loss": valid})
        bad += 1
        if valid < best:
            best, bad, weights = valid, 0, copy.deepcopy(model.state_dict())
        if bad >= patience:
            print("stopping early")
            break
    print(model.load_state_dict(weights))
    return history
