"""The file formats: what Pillow's readers and writers leave out, one module a format or a standard inside one.

Pillow decodes and encodes pixels. What else a file says is carried by these modules, byte for byte where it stays true:
`jpeg`, `png`, `webp`, `tiff` and `bmp` read a `Metadata` and encode an image with one, and `catalog` lists them;
`exif`, `xmp`, `resources`, `ifd` and `fields` know the standards inside; `opening` turns everything that can be wrong
with a file into a sentence, `channels` any form of pixels into 8-bit RGB; `pillow` holds the process-wide settings.
"""
