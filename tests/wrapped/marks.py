"""Tokens with the marks of chats, markup, office programs and terminals in them."""

from __future__ import annotations

from collections.abc import Callable

from tests.wrapped import hexed

FORMS: dict[str, Callable[[bytes], bytes]] = {
    "irc colours": lambda t: t[:5] + b"\x0304,01" + t[5:9] + b"\x0f" + t[9:],
    "irc colour of digit": lambda t: b"\x0304" + t + b"\x03",
    "irc colour short": lambda t: b"\x034" + t[:9] + b"\x03" + t[9:],
    "irc bold": lambda t: t[:5] + b"\x02" + t[5:9] + b"\x02" + t[9:],
    "irc italic": lambda t: t[:5] + b"\x1d" + t[5:9] + b"\x1f" + t[9:],
    "ctcp": lambda t: b"PRIVMSG x :\x01ACTION " + t + b"\x01\r\n",
    "irc action glued": lambda t: b"PRIVMSG x :\x16" + t + b"\x16\r\n",
    "minecraft colours": lambda t: "§c".encode() + t[:9] + "§l".encode() + t[9:],
    "markdown bold inside": lambda t: t[:5] + b"**" + t[5:9] + b"**" + t[9:],
    "markdown escaped": lambda t: t.replace(b"_", b"\\_").replace(b"-", b"\\-").replace(b"+", b"\\+"),
    "discord spoiler": lambda t: b"||" + t + b"||",
    "slack bold": lambda t: b"*" + t + b"*",
    "slack strike": lambda t: b"~" + t + b"~",
    "wiki bold": lambda t: t[:5] + b"'''" + t[5:9] + b"'''" + t[9:],
    "wiki nowiki": lambda t: t[:5] + b"<nowiki/>" + t[5:],
    "bbcode": lambda t: t[:5] + b"[b]" + t[5:9] + b"[/b]" + t[9:],
    "bbcode color": lambda t: t[:5] + b"[color=red]" + t[5:9] + b"[/color]" + t[9:],
    "jira mono": lambda t: b"{{" + t + b"}}",
    "jira escaped": lambda t: b"{{" + t.replace(b"-", b"\\-").replace(b"_", b"\\_") + b"}}",
    "asciidoc pass": lambda t: b"+++" + t + b"+++",
    "asciidoc plus": lambda t: t[:5] + b"{zwsp}" + t[5:],
    "troff": lambda t: t.replace(b"-", b"\\-")[:9] + t.replace(b"-", b"\\-")[9:].replace(b"_", b"\\_"),
    "troff \\(hy": lambda t: (
        t.replace(b"-", b"\\(hy").replace(b"_", b"\\(ul").replace(b"/", b"\\(sl").replace(b"+", b"\\(pl")
    ),
    "troff \\&": lambda t: b"\\&" + t[:7] + b"\\&" + t[7:],
    "troff \\: break": lambda t: t[:7] + b"\\:" + t[7:],
    "troff fonts": lambda t: b"\\fB" + t[:7] + b"\\fP" + t[7:],
    "troff fonts long": lambda t: b"\\f[B]" + t[:7] + b"\\f[R]" + t[7:],
    "latex {-}": lambda t: t.replace(b"-", b"{-}").replace(b"_", b"\\_"),
    "latex text...": lambda t: (
        t.replace(b"_", b"\\textunderscore{}")
        .replace(b"-", b"{-}")
        .replace(b"/", b"\\slash{}")
        .replace(b"+", b"{+}")
    ),
    "latex \\textunderscore space": lambda t: (
        t.replace(b"_", b"\\textunderscore ").replace(b"/", b"\\slash ").replace(b"-", b"\\mbox{-}")
    ),
    "latex \\-": lambda t: t[:7] + b"\\-" + t[7:].replace(b"_", b"\\_"),
    "latex allowbreak": lambda t: (
        t[:7].replace(b"-", b"-\\allowbreak ") + b"\\allowbreak " + t[7:].replace(b"_", b"\\_")
    ),
    "latex \\hspace{0pt}": lambda t: t[:7] + b"\\hspace{0pt}" + t[7:].replace(b"_", b"\\_"),
    "latex texttt": lambda t: b"\\texttt{" + t.replace(b"_", b"\\_") + b"}",
    "latex char": lambda t: (
        t.replace(b"_", b"\\char`\\_").replace(b"-", b"\\char`\\-").replace(b"+", b"\\char`\\+")
    ),
    "latex symbol": lambda t: (
        t.replace(b"_", b"\\symbol{95}").replace(b"-", b"\\symbol{45}").replace(b"+", b"\\symbol{43}")
    ),
    "ps shows": lambda t: b"(" + t[:7] + b") show (" + t[7:] + b") show",
    "pdf Tj Td": lambda t: b"BT (" + t[:7] + b") Tj 42.1 0 Td (" + t[7:] + b") Tj ET",
    "pdf TJ hex kerned": lambda t: b"BT [<" + hexed(t[:7]) + b">-20<" + hexed(t[7:]) + b">] TJ ET",
    "pdf TJ hex 2byte kerned": lambda t: (
        b"BT [<"
        + hexed(t[:7].decode().encode("utf-16be"))
        + b">-20<"
        + hexed(t[7:].decode().encode("utf-16be"))
        + b">] TJ ET"
    ),
    "xlsx rich runs": lambda t: (
        b"<si><r><rPr><b/></rPr><t>"
        + t[:7]
        + b'</t></r><r><t xml:space="preserve">'
        + t[7:]
        + b"</t></r></si>"
    ),
    "docx runs rpr": lambda t: (
        b'<w:r><w:rPr><w:lang w:val="en-US"/></w:rPr><w:t>'
        + t[:7]
        + b'</w:t></w:r><w:proofErr w:type="spellEnd"/><w:r><w:t>'
        + t[7:]
        + b"</w:t></w:r>"
    ),
    "docx noBreakHyphen": lambda t: (
        b"<w:r><w:t>" + t.replace(b"-", b"</w:t><w:noBreakHyphen/><w:t>") + b"</w:t></w:r>"
    ),
    "pptx runs": lambda t: (
        b'<a:r><a:rPr lang="en"/><a:t>'
        + t[:7]
        + b'</a:t></a:r><a:r><a:rPr lang="de" dirty="0"/><a:t>'
        + t[7:]
        + b"</a:t></a:r>"
    ),
    "odt bookmark": lambda t: (
        b"<text:p>" + t[:7] + b'<text:bookmark-start text:name="x"/>' + t[7:] + b"</text:p>"
    ),
    "odt softpage": lambda t: b"<text:p>" + t[:7] + b"<text:soft-page-break/>" + t[7:] + b"</text:p>",
    "sylk": lambda t: b'ID;PWXL;N;E\r\nC;Y1;X1;K"' + t + b'"\r\nE\r\n',
    "rtf runs": lambda t: b"{\\rtf1\\ansi " + t[:7] + b"{\\b " + t[7:12] + b"}" + t[12:] + b"}",
    "rtf control in word": lambda t: (
        b"{\\rtf1\\ansi " + t[:7] + b"\\b0 " + t[7:12] + b"\\cf1\\lang1033 " + t[12:] + b"}"
    ),
    "rtf nonbreaking hyphen": lambda t: b"{\\rtf1 " + t.replace(b"-", b"\\_") + b"}",
    "rtf newline in word": lambda t: b"{\\rtf1 " + t[:7] + b"\r\n" + t[7:] + b"}",
    "html pygments": lambda t: (
        b'<span class="n">'
        + t[:7]
        + b'</span><span class="o">'
        + t[7:8]
        + b'</span><span class="mi">'
        + t[8:]
        + b"</span>"
    ),
    "term C1 csi": lambda t: t[:9] + "\x9b31m".encode() + t[9:],
    "term DCS": lambda t: t[:9] + b"\x1bP$q m\x1b\\" + t[9:],
    "term APC": lambda t: t[:9] + b"\x1b_Gi=1\x1b\\" + t[9:],
    "term screen title": lambda t: t[:9] + b"\x1bktitle\x1b\\" + t[9:],
    "term esc7": lambda t: t[:9] + b"\x1b7\x1b8" + t[9:],
    "term long osc": lambda t: t[:9] + b"\x1b]1337;File=" + b"A" * 900 + b"\x07" + t[9:],
    "term del": lambda t: t[:9] + b"xy\x7f\x7f" + t[9:],
    "term shift in out": lambda t: t[:9] + b"\x0f" + t[9:],
    "term charset ESC ( B mid": lambda t: t[:9] + b"\x1b(B\x1b[m" + t[9:],
    "zsh meta history": lambda t: b": 1600000000:0;curl -d " + t[:9] + b"\\\n" + t[9:],
    "vim list": lambda t: b"key=" + t + b"$",
    "gitlab section": lambda t: b"section_start:1:x\r\x1b[0K" + t,
    "xml esc ref": lambda t: t[:9] + b"&#27;[31m" + t[9:],
}
"""How each is made of a token."""
