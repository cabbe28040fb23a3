"""The networks in pure torch, readable, testable and exportable alone: LGNet (Quan et al., IEEE TIP 31, 2022), and two
coarse inpainters beside it, a context encoder and a contextual-attention network.

Beside them stand the discriminator, the feature extractors by which pictures are compared and networks are trained, and
LaMa and MI-GAN, for weights that users bring along: `known` tells by a file's tensors which of the two they are of.

Tensors of LGNet are ``(B, C, H, W)`` float in [-1, 1]; masks ``(B, 1, H, W)`` with 1 = hole.
"""
