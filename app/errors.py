"""The one exception whose text is written for the person at the screen."""


class LacunaError(Exception):
    """Something the user can understand and act on. Its one argument is a string; as `app.words.Words` the window
    translates it.

    The message is one sentence that names the file or the value and, where there is one, the remedy.
    The window shows it in a dialog; the command line prints it after ``lacuna: error:`` and exits with 1.
    """
