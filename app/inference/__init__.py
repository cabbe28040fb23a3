"""The border between arrays and tensors: a request goes in, a generator yields stage results.

Importing this package loads no torch; `app.inference.engine` does. Nothing here knows Qt.
"""
