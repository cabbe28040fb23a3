"""The Run menu."""

from __future__ import annotations

from collections.abc import Iterator

from app.inference.request import Stage
from app.ui.actions.candidates import candidate_actions
from app.ui.actions.spec import ActionSpec, Ask, Commands, Menu, Run
from app.ui.language import mark
from app.ui.settings import declared

_ACCEPT = (
    (Stage.COARSE, mark("Accept the coarse result")),
    (Stage.LOCAL, mark("Accept the local result")),
    (Stage.GLOBAL, mark("Accept the global result")),
    (Stage.DETAIL, mark("Accept the result with detail")),
)


def run_actions() -> Iterator[ActionSpec]:
    yield ActionSpec(
        "fill",
        mark("&Fill, then accept"),
        lambda c: c.edit.fill_or_accept(),
        Menu.RUN,
        ("Return", "Enter"),
        icon="auto-fix",
        tip=mark(
            "Fills what is painted; with results on the screen, takes one into the photo. While a run goes on, lets"
            " what was painted since be filled next."
        ),
        enabled=lambda c: c.edit.can_step(),
    )
    yield ActionSpec(
        "fill_again",
        mark("Fill again, &keep both results"),
        lambda c: c.edit.again(),
        Menu.RUN,
        ("Shift+Return", "Shift+Enter"),
        icon="auto-fix",
        tip=mark("Fills with the present options; what was filled before stays to be chosen from."),
        enabled=lambda c: c.edit.can_fill_again(),
    )
    yield from candidate_actions()
    yield ActionSpec(
        "run_again",
        mark("Fill a&gain with the last mask"),
        lambda c: c.edit.run_again(),
        Menu.RUN,
        ("Shift+R",),
        icon="reload",
        enabled=lambda c: c.edit.can_run_again(),
    )
    yield ActionSpec("cancel", mark("&Cancel or discard"), _cancel, Menu.RUN, ("Esc",), icon="close")
    yield ActionSpec(
        "next_variant",
        mark("&Next result"),
        lambda c: c.edit.show_variant(1),
        Menu.RUN,
        (".", "Ctrl+Alt+Right"),
        tip=mark("Where the hole was filled several times: look at the next filling."),
        enabled=lambda c: c.edit.has_variants(),
        starts_group=True,
    )
    yield ActionSpec(
        "previous_variant",
        mark("&Previous result"),
        lambda c: c.edit.show_variant(-1),
        Menu.RUN,
        (",", "Ctrl+Alt+Left"),
        tip=mark("Where the hole was filled several times: look at the filling before."),
        enabled=lambda c: c.edit.has_variants(),
    )
    yield ActionSpec(
        "own_models",
        mark("Models of &your own…"),
        lambda c: c.view.window.show_settings(declared.OWN_MODELS),
        Menu.RUN,
        icon="puzzle-outline",
        tip=mark("Add weights of LaMa or MI-GAN, or a TorchScript or ONNX file, to what can fill first."),
        starts_group=True,
    )
    for stage, text in _ACCEPT:
        accept, there = _accept(stage)
        yield ActionSpec(
            f"accept_{stage.value}",
            text,
            accept,
            Menu.RUN,
            enabled=there,
            starts_group=stage is Stage.COARSE,
        )


def _accept(stage: Stage) -> tuple[Run, Ask]:
    return lambda commands: commands.edit.session.accept(stage), lambda commands: commands.edit.has_result(stage)


def _cancel(commands: Commands) -> None:
    if commands.difference.is_on():
        commands.difference.close()
    elif commands.edit.can_cancel():
        commands.edit.cancel()
    else:
        commands.view.window.set_full_screen(False)
