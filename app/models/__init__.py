"""The networks in pure torch, readable, testable and exportable alone: LGNet (Quan et al., IEEE TIP 31, 2022), and two
coarse inpainters beside it, a context encoder and a contextual-attention network.

Tensors are ``(B, C, H, W)`` float in [-1, 1]; masks ``(B, 1, H, W)`` with 1 = hole.
"""
