"""Records of undone and redone operations."""

from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class UndoRequest:
    """Which operations to undo or redo.

    If neither `operations` nor `back_to` is given, it is the newest operation of `actor`. `record` restricts an undo to
    one post, user or tag: it contains the noun and a reference. `undoes_later` also undoes later operations that have
    changed the same rows.
    """

    actor: str
    operations: list[int] = field(default_factory=list)
    back_to: int | None = None
    record: tuple[str, str] | None = None
    undoes_later: bool = False


@dataclass(frozen=True, kw_only=True)
class UndoPlan:
    """The operations that an undo or a redo would revert, oldest first, each with a description.

    `other_actors` are the users who ran operations of the plan, except the one who requests the undo.
    """

    kind: str
    targets: list[int]
    descriptions: list[str]
    other_actors: list[str] = field(default_factory=list)
    restores_password: bool = False


@dataclass(frozen=True, kw_only=True)
class Reversion:
    """An undo or a redo, with the operations that it has reverted or applied again, and the numbers of changed rows."""

    id: int
    kind: str
    operations: list[int]
    commands: list[str]
    users: int = 0
    posts: int = 0
    tags: int = 0
    links: int = 0
