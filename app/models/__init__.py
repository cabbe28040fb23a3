"""The LGNet networks (Quan et al., IEEE TIP 31, 2022) in pure torch: readable, testable and exportable alone.

Tensors are ``(B, C, H, W)`` float in [-1, 1]; masks ``(B, 1, H, W)`` with 1 = hole.
"""
