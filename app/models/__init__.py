"""The LGNet networks (Quan et al., IEEE TIP 31, 2022) in pure torch: readable, testable and exportable alone.

Their tensors are ``(B, C, H, W)`` float in [-1, 1]; masks ``(B, 1, H, W)`` with 1 = hole. Beside them stand LaMa and
MI-GAN, for weights that users bring along: `known` tells by a file's tensors which of the two they are of.
"""
