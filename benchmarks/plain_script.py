"""A short script that uses the same libraries as blogcli. `startup.py` compares it with `blogcli post list`."""

import asyncio
from datetime import datetime

import typer
from rich.console import Console
from rich.table import Table
from sqlalchemy import Column, ForeignKey, select
from sqlalchemy import Table as SqlTable
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship, selectinload

app = typer.Typer()


class Base(DeclarativeBase):
    pass


post_tags = SqlTable(
    "post_tags",
    Base.metadata,
    Column("post_id", ForeignKey("posts.id"), primary_key=True),
    Column("tag_id", ForeignKey("tags.id"), primary_key=True),
)


class User(Base):
    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str]
    full_name: Mapped[str | None]
    is_active: Mapped[bool]
    posts: Mapped[list["Post"]] = relationship(back_populates="author")


class Tag(Base):
    __tablename__ = "tags"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class Post(Base):
    __tablename__ = "posts"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    slug: Mapped[str]
    content: Mapped[str]
    status: Mapped[str]
    published_at: Mapped[str | None]
    created_at: Mapped[str]
    trashed_at: Mapped[str | None]
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    author: Mapped[User] = relationship(back_populates="posts")
    tags: Mapped[list[Tag]] = relationship(secondary=post_tags)


async def fetch(database: str, limit: int) -> list[Post]:
    engine = create_async_engine(f"sqlite+aiosqlite:///{database}")
    sessions = async_sessionmaker(engine, expire_on_commit=False)
    async with sessions() as session:
        statement = (
            select(Post)
            .where(Post.trashed_at.is_(None))
            .options(selectinload(Post.author), selectinload(Post.tags))
            .order_by(Post.id.desc())
            .limit(limit)
        )
        posts = list(await session.scalars(statement))
    await engine.dispose()
    return posts


@app.command("list")
def list_posts(database: str, limit: int = 20) -> None:
    """List the newest posts."""
    table = Table("ID", "Title", "Status", "Author", "Tags", "Published")
    for post in asyncio.run(fetch(database, limit)):
        published = datetime.fromisoformat(post.published_at) if post.published_at else None
        table.add_row(
            str(post.id),
            post.title,
            post.status,
            post.author.email,
            ", ".join(tag.name for tag in post.tags),
            f"{published:%Y-%m-%d %H:%M}" if published else "",
        )
    Console().print(table)


@app.command("show")
def show_post(database: str, post_id: int) -> None:
    """Show a post."""
    Console().print(database, post_id)


if __name__ == "__main__":
    app()
