"""The presentation: the photograph alone on a dark screen, stage by stage, for people in the last row."""
