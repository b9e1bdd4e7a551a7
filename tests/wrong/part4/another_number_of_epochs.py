"""The default is copied from another project."""

from solutions.part4.training import *

FAILS = ["4.4"]
SAYS = "20, as validation improves"


def fit(
    model, train_loader, valid_loader, epochs=10, lr=5e-3, weight_decay=0, patience=3, penalty=None
):
    optimizer = torch.optim.Adam(model.parameters(), lr=lr, weight_decay=weight_decay)
    loss_fn = nn.MSELoss()
    history = []
    best_epoch, best_loss = 0, float("inf")
    best_weights = copy.deepcopy(model.state_dict())
    for epoch in range(1, epochs + 1):
        train_loss = train_epoch(model, train_loader, optimizer, loss_fn, penalty)
        valid_loss = evaluate(model, valid_loader, loss_fn)
        history.append({"epoch": epoch, "train_loss": train_loss, "valid_loss": valid_loss})
        if valid_loss < best_loss:
            best_epoch, best_loss = epoch, valid_loss
            best_weights = copy.deepcopy(model.state_dict())
        elif epoch - best_epoch >= patience:
            break
    model.load_state_dict(best_weights)
    return history
