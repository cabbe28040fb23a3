"""The LGNet networks (Quan et al., IEEE TIP 31, 2022) in pure torch: readable, testable and exportable alone.

Beside them are the discriminator, and the feature extractors by which pictures are compared and networks are trained.

Tensors are ``(B, C, H, W)`` float in [-1, 1]; masks ``(B, 1, H, W)`` with 1 = hole.
"""
