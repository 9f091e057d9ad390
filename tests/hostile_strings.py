"""Two hundred strings that break what trusts them: markup, scripts, templates, headers, lines, sheets, Unicode."""

from __future__ import annotations

_MARKUP = (
    *("<script>alert(1)</script>", "</script><script>alert(1)</script>", "<img src=x onerror=alert(1)>"),
    *(
        "<svg/onload=alert(1)>",
        "<b id=owned>",
        "</td></tr></table>",
        "</main></body></html>",
        "<!--",
        "-->",
        "<![CDATA[",
    ),
    *(
        '"><script>alert(1)</script>',
        "'><img src=x>",
        '" autofocus onfocus=alert(1) x="',
        "' style='position:fixed",
    ),
    *(
        "<iframe src=//evil.example>",
        "<base href=//evil.example>",
        "<form action=//evil.example>",
        "<meta http-equiv=refresh>",
    ),
    *(
        "</textarea><script>",
        "</title><script>",
        "</style><script>",
        "<style>*{display:none}</style>",
        "<plaintext>",
        "<template>",
    ),
    *(
        "&lt;script&gt;",
        "&#60;script&#62;",
        "&amp;amp;",
        "&notanentity;",
        "&#0;",
        "&#x202e;",
        "<a href=javascript:alert(1)>x</a>",
    ),
    *(
        "javascript:alert(1)",
        "data:text/html,<script>",
        "//evil.example/",
        "\\\\evil.example\\x",
        "<math><mi//xlink:href=x>",
    ),
)
_TEMPLATES = (
    *(
        "{{7*7}}",
        "{% include 'x' %}",
        "{{config}}",
        "${7*7}",
        "#{7*7}",
        "<%= 7*7 %>",
        "{{''.__class__}}",
        "%(x)s",
        "%s%n%x",
    ),
    *(
        "{0.__class__}",
        "$(id)",
        "`id`",
        "; id",
        "| id",
        "&& id",
        "' OR 1=1 --",
        "'; DROP TABLE canary; --",
        '" OR ""="',
    ),
    *(
        "=cmd|'/c calc'!A1",
        "+1+1",
        "-1+1",
        "@SUM(1)",
        "../../etc/passwd",
        "..%2f..%2f",
        "%00",
        "%0d%0aX-Injected: 1",
        "*)(uid=*",
    ),
)
_LINES = tuple(
    f"a{end}{rest}"
    for end in ("\r\n", "\n", "\r", "\u2028", "\u2029", "\x0b", "\x0c", "\x85")
    for rest in (
        "X-Injected: 1",
        "Set-Cookie: a=b",
        "2026-01-01 ERROR forged",
        '{"forged": true}',
        "data: forged",
        "\n<b>",
    )
)
_UNICODE = (
    *(f"a{chr(code)}b" for code in (*range(1, 9), 0x0B, 0x0E, 0x1B, 0x7F, 0x80, 0x9B, 0xAD)),
    *(
        f"a{chr(code)}b"
        for code in (*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF, 0xFFFD)
    ),
    *(
        f"a{chr(code)}b"
        for code in (0x61C, 0x180E, 0xE0001, 0xE0041, 0xFFFF, 0x1F426, 0x10FFFF, 0xFFF9, 0x2066, 0x115F)
    ),
    *(
        "\u0301" * 60,
        "Z\u0351\u036b\u0343" * 20,
        "\u0645\u0631\u062d\u0628\u0627",
        "\u05e9\u05dc\u05d5\u05dd <b>",
        "\ufdfd" * 20,
    ),
    *("\x1b[2J", "\x1b]0;owned\x07", "\x1b[31m", "\u202e<!channel>", "<!here>", "<@U123>", "@everyone"),
)
_LONG = (
    *(
        "a" * 2000,
        "<b>" * 600,
        "a b " * 500,
        "\u00e9" * 1900,
        "\U0001f426" * 400,
        "-" * 200,
        "x" * 199 + "<b id=owned>",
    ),
    *(
        "NaN",
        "null",
        "undefined",
        "true",
        "0",
        "-0",
        "1e309",
        "[]",
        "{}",
        '"',
        "'",
        "\\",
        "/",
        "?",
        "#",
        "%",
        "&",
        "+",
        ";",
        ",",
    ),
)

STRINGS = tuple(dict.fromkeys((*_MARKUP, *_TEMPLATES, *_LINES, *_UNICODE, *_LONG)))
