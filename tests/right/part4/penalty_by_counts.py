"""Counts how often the batch uses each row, and weighs the squared lengths of the tables by it."""

from solutions.part4.training import *


def l2_penalty(model, user_idx, movie_idx, strength=0.1):
    penalty = 0.0
    for name, table in model.named_children():
        idx = user_idx if name.startswith("user") else movie_idx
        share = torch.bincount(idx, minlength=table.num_embeddings) / idx.numel()
        penalty = penalty + share @ (table.weight * table.weight).sum(1)
    return strength * penalty


def fit(model, train_loader, valid_loader, *, epochs=20, lr=5e-3, weight_decay=0.0, **others):
    """Hands the penalty on by name, printing it now and then, which asks for it once more."""
    patience, penalty = others.get("patience", 3), others.get("penalty")
    optimizer = torch.optim.Adam(model.parameters(), lr=lr, weight_decay=weight_decay)
    history, weights = [], []
    for epoch in range(1, epochs + 1):
        train_loss = train_epoch(
            model, train_loader, optimizer, nn.MSELoss(), penalty=penalty and noted(penalty)
        )
        valid_loss = evaluate(model, valid_loader, nn.MSELoss())
        history.append({"epoch": epoch, "train_loss": train_loss, "valid_loss": valid_loss})
        weights.append(copy.deepcopy(model.state_dict()))
        best = min(range(epoch), key=lambda i: history[i]["valid_loss"])
        if epoch > best + patience:
            break
    model.load_state_dict(weights[best])
    return history


def noted(penalty):
    def with_note(*arguments):
        print(float(penalty(*arguments)))
        return penalty(*arguments)

    return with_note
