"""Converts the macros for keys, buttons and menus, which `:experimental:` asks for."""

from __future__ import annotations

import re

__all__ = ["convert_user_interface"]

KEYS_OR_BUTTON = re.compile(r"(?P<escape>\\)?(?P<kind>kbd|btn):\[(?P<text>.*?[^\\])\]")
MENU_MACRO = re.compile(r"\\?menu:(?P<menu>\w|[\w&][^\n\[]*[^\s\[])\[ *(?:|(?P<items>.*?[^\\]))\]")
MENU = re.compile(r'\\?"(?P<path>[\w&][^"]*?[ \n]+&gt;[ \n]+[^"]*)"')
STEP = "&gt;"


def convert_user_interface(text: str, font_icons: bool) -> str:
    """The text with `kbd:[…]`, `btn:[…]`, `menu:A[B > C]` and `"A > B"` as HTML."""
    caret = '<b class="caret">&#8250;</b>'
    if font_icons:
        caret = '<i class="fa fa-angle-right caret"></i>'
    between = f"&#160;{caret} "

    def menu(found: re.Match[str]) -> str:
        if found[0][0] == "\\":
            return found[0][1:]
        return _menu(found["menu"], _items(found["items"] or ""), between)

    def path(found: re.Match[str]) -> str:
        if found[0][0] == "\\":
            return found[0][1:]
        first, *items = _split(found["path"], STEP)
        return _menu(first, items, between)

    if ":[" in text:
        text = KEYS_OR_BUTTON.sub(_keys_or_button, text)
    if "menu:" in text:
        text = MENU_MACRO.sub(menu, text)
    return MENU.sub(path, text) if '"' in text and STEP in text else text


def _keys_or_button(found: re.Match[str]) -> str:
    if found["escape"]:
        return found[0][1:]
    text = found["text"].strip().replace("\\]", "]")
    if found["kind"] == "btn":
        return f'<b class="button">{text}</b>'
    keys = _keys(text)
    joined = "</kbd>+<kbd>".join(keys)
    whole = f"<kbd>{joined}</kbd>"
    return whole if len(keys) == 1 else f'<span class="keyseq">{whole}</span>'


def _keys(text: str) -> list[str]:
    """The keys of `Ctrl+Shift+T` or `Ctrl,T`; what separates them can be the last of them."""
    mark = next((each for each in text[1:] if each in ",+"), None)
    if mark is None:
        return [text]
    if text.endswith(mark):
        keys = [key.strip() for key in text[:-1].split(mark)]
        return [*keys[:-1], keys[-1] + mark]
    return _split(text, mark)


def _items(text: str) -> list[str]:
    text = text.replace("\\]", "]")
    mark = next((each for each in (STEP, ",") if each in text), None)
    if mark is None:
        return [text.rstrip()] if text else []
    return _split(text, mark)


def _split(text: str, mark: str) -> list[str]:
    """The parts of a text, without empty ones at its end."""
    parts = [part.strip() for part in text.split(mark)]
    while parts and not parts[-1]:
        parts.pop()
    return parts


def _menu(menu: str, items: list[str], between: str) -> str:
    if not items:
        return f'<b class="menuref">{menu}</b>'
    *within, last = items
    steps = [f'<b class="menu">{menu}</b>']
    steps += [f'<b class="submenu">{each}</b>' for each in within]
    steps.append(f'<b class="menuitem">{last}</b>')
    return f'<span class="menuseq">{between.join(steps)}</span>'
