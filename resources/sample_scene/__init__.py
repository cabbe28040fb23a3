"""The sample picture's scene: an alpine lake, part by part."""
