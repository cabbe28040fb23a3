"""Pure image work on numpy arrays. Knows neither torch nor Qt."""
