"""What this machine does how fast: networks, a large removal, the canvas, files and undo.

Each section is measured in a process of its own, so that its peak memory is its own and what breaks one (a missing
package, a graphics driver) spares the others. Only `app.bench.canvas` knows Qt.
"""
