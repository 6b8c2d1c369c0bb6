"""The unrolled network of `mri::learned`, for training: same start, same data term, same layers, no biases."""

import torch
from torch import nn
from torch.nn import functional as F


class UNet(nn.Module):
    """One cascade's correction. Names are those that the Rust reader asks for."""

    def __init__(self, widths=(32, 48, 64)):
        super().__init__()
        a, b, c = widths
        around = lambda i, o: nn.Conv2d(i, o, 3, padding=1, bias=False)
        self.e0a, self.e0b = around(32, a), around(a, a)
        self.d1 = nn.Conv2d(a, b, 2, stride=2, bias=False)
        self.e1a, self.e1b = around(b, b), around(b, b)
        self.d2 = nn.Conv2d(b, c, 2, stride=2, bias=False)
        self.e2a, self.e2b = around(c, c), around(c, c)
        self.u1 = nn.ConvTranspose2d(c, b, 2, stride=2, bias=False)
        self.f1 = around(b, b)
        self.u0 = nn.ConvTranspose2d(b, a, 2, stride=2, bias=False)
        self.f0, self.out = around(a, a), around(a, 8)
        for layer in self.children():
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
        with torch.no_grad():
            # At first the network leaves nearly everything as it is.
            self.out.weight.mul_(0.002)

    def forward(self, x, gradient, hints):
        rows, cols = x.shape[-2:]
        complex_planes = torch.cat([x[:, None], gradient[:, None], hints], 1)
        planes = torch.view_as_real(complex_planes).movedim(-1, 2).flatten(1, 2)
        planes = F.pad(planes, (0, -cols % 8, 0, -rows % 8))
        z = F.pixel_unshuffle(planes, 2)
        fine = F.relu(self.e0b(F.relu(self.e0a(z))))
        middle = F.relu(self.e1b(F.relu(self.e1a(F.relu(self.d1(fine))))))
        coarse = F.relu(self.e2b(F.relu(self.e2a(F.relu(self.d2(middle))))))
        middle = F.relu(self.f1(self.u1(coarse) + middle))
        fine = F.relu(self.f0(self.u0(middle) + fine))
        out = F.pixel_shuffle(self.out(fine), 2)[..., :rows, :cols].float()
        return torch.complex(out[:, 0].contiguous(), out[:, 1].contiguous())


class Normal:
    """`x → AᴴA x` of a batch. Centring cancels in it, so plain transforms do; along the readout where masks are
    lines, even the transform cancels."""

    def __init__(self, maps, mask, lines):
        self.maps, self.lines = maps, lines
        self.mask = torch.fft.ifftshift(mask.to(maps.real.dtype), dim=(-2, -1))[:, None]

    def __call__(self, x):
        coils = self.maps * x[:, None]
        if self.lines:
            coils = torch.fft.ifft(torch.fft.fft(coils, dim=-1) * self.mask[..., :1, :], dim=-1)
        else:
            coils = torch.fft.ifft2(torch.fft.fft2(coils) * self.mask)
        return (self.maps.conj() * coils).sum(1)


class Unrolled(nn.Module):
    """`x ← x − η (AᴴA x − Aᴴy) − D(x, AᴴA x − Aᴴy, hints)`, and one more step on the data."""

    def __init__(self, cascades=5, widths=(32, 48, 64)):
        super().__init__()
        self.cascades = nn.ModuleList(UNet(widths) for _ in range(cascades))
        self.steps = nn.Parameter(torch.full((cascades + 1,), 0.2))

    def forward(self, maps, mask, right, start, lines, half=False):
        normal = Normal(maps, mask, lines)
        x, hints = start
        for k, cascade in enumerate(self.cascades):
            gradient = normal(x) - right
            with torch.autocast(x.device.type, dtype=torch.bfloat16, enabled=half):
                correction = cascade(x, gradient, hints)
            x = x - self.steps[k] * gradient - correction
        return x - self.steps[-1] * (normal(x) - right)

    def tensors(self):
        """The parameters by the names of the file."""
        named = {f"c{k}.{name.split('.')[0]}": p for k, c in enumerate(self.cascades) for name, p in c.named_parameters()}
        return {**named, "steps": self.steps}
