"""What tests read off the source of a module, without importing it."""

import ast
from dataclasses import dataclass
from pathlib import Path

_Def = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Function:
    """A function, and how long its body is without its docstring."""

    name: str
    lines: int
    is_command: bool
    is_coroutine: bool
    has_docstring: bool


def functions_of(path: Path) -> list[Function]:
    """Every function and method of a file, nested ones too."""
    return [_function(node) for node in ast.walk(_tree(path)) if isinstance(node, _Def)]


def module_functions(path: Path) -> list[Function]:
    """The functions at the top level of a file."""
    return [_function(node) for node in _tree(path).body if isinstance(node, _Def)]


def late_imports_of(path: Path) -> list[int]:
    """The lines on which a file imports inside a function, or by a computed name."""
    tree = _tree(path)
    inside = {
        node.lineno
        for function in ast.walk(tree)
        if isinstance(function, _Def)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    return sorted(
        inside | {call.lineno for call in ast.walk(tree) if isinstance(call, ast.Call) and _imports_by_name(call)}
    )


def strings_of(path: Path) -> list[str]:
    """Every string constant of a file, including the parts of f-strings and docstrings."""
    constants = (node.value for node in ast.walk(_tree(path)) if isinstance(node, ast.Constant))
    return [value for value in constants if isinstance(value, str)]


def _imports_by_name(node: ast.Call) -> bool:
    called = node.func
    name = called.id if isinstance(called, ast.Name) else called.attr if isinstance(called, ast.Attribute) else ""
    return name in {"import_module", "__import__"}


def _function(node: _Def) -> Function:
    has_docstring = ast.get_docstring(node) is not None
    body = node.body[1:] if has_docstring else node.body
    return Function(
        name=node.name,
        lines=(node.end_lineno or 0) - body[0].lineno + 1 if body else 0,
        is_command=any(ast.unparse(decorator).startswith("command(") for decorator in node.decorator_list),
        is_coroutine=isinstance(node, ast.AsyncFunctionDef),
        has_docstring=has_docstring,
    )


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))
