"""The tokens of assets/tokens.css under Tailwind's names; read by rxconfig.py.

`bg-surface text-ink-soft rounded-card shadow-card` say what they mean, follow the dark theme and
the town's colours, and cost nothing until used.
"""

from typing import Any

TAILWIND: dict[str, Any] = {
    "theme": {
        "extend": {
            "colors": {
                "ink": {"DEFAULT": "var(--ink)", "soft": "var(--ink-soft)"},
                "paper": "var(--paper)",
                "surface": {"DEFAULT": "var(--surface)", "sunk": "var(--surface-sunk)"},
                "line": {"DEFAULT": "var(--line)", "strong": "var(--line-strong)"},
                "brand": {
                    "DEFAULT": "var(--brand)",
                    "strong": "var(--brand-strong)",
                    "tint": "var(--brand-tint)",
                    "on": "var(--on-brand)",
                },
                "accent": {
                    "DEFAULT": "var(--accent)",
                    "ink": "var(--accent-ink)",
                    "tint": "var(--accent-tint)",
                    "on": "var(--on-accent)",
                },
                "ok": {"DEFAULT": "var(--ok)", "tint": "var(--ok-tint)"},
                "alert": {
                    "DEFAULT": "var(--alert)",
                    "tint": "var(--alert-tint)",
                    "on": "var(--on-alert)",
                },
                "float": {
                    "DEFAULT": "var(--float)",
                    "on": "var(--on-float)",
                    "soft": "var(--on-float-soft)",
                },
            },
            "fontFamily": {"sans": "var(--font)"},
            "fontSize": {
                "small": "var(--step--1)",
                "body": "var(--step-0)",
                "title-3": "var(--step-1)",
                "title-2": "var(--step-2)",
                "title-1": "var(--step-3)",
            },
            "borderRadius": {
                "field": "var(--radius-s)",
                "card": "var(--radius)",
                "sheet": "var(--radius-l)",
            },
            "boxShadow": {"card": "var(--shadow)", "float": "var(--shadow-float)"},
            "maxWidth": {"measure": "var(--measure)"},
            "minHeight": {"target": "var(--target)"},
            "minWidth": {"target": "var(--target)"},
        }
    },
    "plugins": [],
}
