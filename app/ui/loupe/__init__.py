"""The loupe: a glass over the photograph that shows what is under the pointer pixel for pixel."""
