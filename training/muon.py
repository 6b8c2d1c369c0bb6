"""Muon: steps of equal size in every direction of a layer's matrix (K. Jordan and others, 2024), for the layers that have one.

The mean of the gradients is brought near the closest matrix with orthonormal rows by five turns of a polynomial
(Newton and Schulz), so that rare directions are learned as fast as common ones. On generated scans 600 such steps
came as far as some 900 of AdamW. The last layer, which begins near zero on purpose, and the step sizes, which are no
matrices, get AdamW's steps.
"""

import torch

TURNS = 5
# Of the polynomial a·X + b·(XXᵀ)X + c·(XXᵀ)²X, which brings singular values between about 0.7 and 1.2.
A, B, C = 3.4445, -4.7750, 2.0315
TINY = 1e-7


def orthonormal(stack):
    """Near the closest matrices with orthonormal rows or columns, whichever are fewer; `stack` is (count, rows, columns)."""
    x = stack / (stack.norm(dim=(-2, -1), keepdim=True) + TINY)
    tall = x.shape[-2] > x.shape[-1]
    if tall:
        x = x.mT
    for _ in range(TURNS):
        square = x @ x.mT
        x = A * x + (B * square + C * square @ square) @ x
    return x.mT if tall else x


class Muon(torch.optim.Optimizer):
    """Parameters with `turned` true have outputs second, as transposed convolutions do."""

    def __init__(self, matrices, others, rate, momentum=0.95, betas=(0.9, 0.99)):
        groups = [{"params": [p], "turned": turned} for p, turned in matrices]
        super().__init__([*groups, {"params": list(others), "turned": None}], {"rate": rate, "share": 1.0})
        self.momentum, self.betas, self.adam_rate = momentum, betas, 1e-3

    @torch.no_grad()
    def step(self):
        alike = {}
        for group in self.param_groups:
            if group["turned"] is None:
                for p in group["params"]:
                    self.adam(p, self.adam_rate * group["share"])
            else:
                p = group["params"][0]
                alike.setdefault((tuple(p.shape), group["turned"]), []).append((p, group["rate"] * group["share"]))
        for (shape, turned), parts in alike.items():
            stack = torch.stack([self.mean(p) for p, _ in parts])
            if turned:
                stack = stack.transpose(1, 2)
            flat = stack.flatten(2)
            # A step's typical entry is then the same in wide and in tall matrices.
            flat = orthonormal(flat) * max(1.0, flat.shape[-2] / flat.shape[-1]) ** 0.5
            stack = flat.view(stack.shape)
            if turned:
                stack = stack.transpose(1, 2)
            for (p, rate), direction in zip(parts, stack):
                p.add_(direction, alpha=-rate)

    def mean(self, p):
        state = self.state[p]
        if not state:
            state["exp_avg"] = torch.zeros_like(p)
        state["exp_avg"].lerp_(p.grad, 1 - self.momentum)
        return p.grad.lerp(state["exp_avg"], self.momentum)

    def adam(self, p, rate):
        state = self.state[p]
        if not state:
            state.update(step=0, exp_avg=torch.zeros_like(p), exp_avg_sq=torch.zeros_like(p))
        state["step"] += 1
        for key, value, beta in zip(("exp_avg", "exp_avg_sq"), (p.grad, p.grad.square()), self.betas):
            state[key].lerp_(value, 1 - beta)
        first, second = (1 - beta ** int(state["step"]) for beta in self.betas)
        p.addcdiv_(state["exp_avg"] / first, (state["exp_avg_sq"] / second).sqrt() + 1e-8, value=-rate)


def of(network, rate):
    """The optimiser of a network: matrices are the weights of all layers but each cascade's last."""
    matrices, others = [], []
    for name, p in network.named_parameters():
        layer = name.split(".")[-2] if "." in name else name
        if p.ndim == 4 and layer != "out":
            matrices.append((p, layer in ("u0", "u1")))
        else:
            others.append(p)
    return Muon(matrices, others, rate)
