"""What is minimised: size (L1 and L2) and structure of the error inside the body, a little of the complex image, and air."""

import torch
from torch.nn import functional as F


def ssim_map(image, reference, peak, window=7):
    """SSIM at every full window, with a uniform window and sample covariance (the convention of `mri::metrics`)."""
    mean = lambda v: F.avg_pool2d(v[:, None], window, stride=1)[:, 0]
    unbiased = window ** 2 / (window ** 2 - 1)
    mx, mr = mean(image), mean(reference)
    vx = unbiased * (mean(image * image) - mx * mx)
    vr = unbiased * (mean(reference * reference) - mr * mr)
    cov = unbiased * (mean(image * reference) - mx * mr)
    c1, c2 = (0.01 * peak) ** 2, (0.03 * peak) ** 2
    return (2 * mx * mr + c1) * (2 * cov + c2) / ((mx * mx + mr * mr + c1) * (vx + vr + c2))


def figures(x, target, reference, support):
    """The loss of each sample, and its parts: NRMSE and SSIM inside the body."""
    support = support.float()
    magnitude = (x.real.square() + x.imag.square() + 1e-12).sqrt()
    count = support.sum((-2, -1)).clamp(min=1)
    inside = lambda v: (v * support).sum((-2, -1)) / count
    level = inside(reference).clamp(min=1e-6)
    absolute = inside((magnitude - reference).abs()) / level
    apart = (x - target)
    complex_part = inside((apart.real.square() + apart.imag.square() + 1e-12).sqrt()) / level
    air = ((magnitude - reference).abs() * (1 - support)).mean((-2, -1)) / level
    peak = reference.amax((-2, -1)).clamp(min=1e-6)[:, None, None]
    structure = ssim_map(magnitude, reference, peak)
    centres = support[:, 3:-3, 3:-3]
    ssim = (structure * centres).sum((-2, -1)) / centres.sum((-2, -1)).clamp(min=1)
    # The tiny number keeps the root's slope finite.
    nrmse = (inside((magnitude - reference).square()) / inside(reference.square()).clamp(min=1e-12) + 1e-12).sqrt()
    loss = absolute + nrmse + (1 - ssim) + 0.3 * complex_part + 0.3 * air
    return loss, nrmse.detach(), ssim.detach()
