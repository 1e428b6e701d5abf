"""Read properties of functions, imports and strings from the source of a module, without importing the module."""

import ast
from dataclasses import dataclass
from pathlib import Path

_FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Function:
    """A function in a source file. `lines` is the number of lines of the body without the docstring."""

    name: str
    lines: int
    is_command: bool
    is_coroutine: bool
    has_docstring: bool


def functions_of(path: Path) -> list[Function]:
    """Return all functions and methods in a file, including functions in other functions."""
    return [_function(node) for node in ast.walk(_tree(path)) if isinstance(node, _FunctionNode)]


def module_functions(path: Path) -> list[Function]:
    """Return the functions at the top level of a file."""
    return [_function(node) for node in _tree(path).body if isinstance(node, _FunctionNode)]


def late_imports_of(path: Path) -> list[int]:
    """Return the numbers of the lines that contain an import in a function, or a call that imports a module."""
    tree = _tree(path)
    inside = {
        node.lineno
        for function in ast.walk(tree)
        if isinstance(function, _FunctionNode)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    return sorted(
        inside | {call.lineno for call in ast.walk(tree) if isinstance(call, ast.Call) and _imports_by_name(call)}
    )


def strings_of(path: Path) -> list[str]:
    """Return all string constants in a file, including docstrings and the parts of f-strings."""
    constants = (node.value for node in ast.walk(_tree(path)) if isinstance(node, ast.Constant))
    return [value for value in constants if isinstance(value, str)]


def _imports_by_name(node: ast.Call) -> bool:
    function = node.func
    if isinstance(function, ast.Name):
        name = function.id
    else:
        name = function.attr if isinstance(function, ast.Attribute) else ""
    return name in {"import_module", "__import__"}


def _function(node: _FunctionNode) -> Function:
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
