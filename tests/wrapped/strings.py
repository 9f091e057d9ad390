"""Tokens that programs put together, and text that they write with signs of their own."""

from __future__ import annotations

import json
from collections.abc import Callable

from tests.wrapped import base64_lines, hexed

FORMS: dict[str, Callable[[bytes], bytes]] = {
    "bash printf %q": lambda t: t.replace(b"+", b"\\+").replace(b"-", b"\\-"),
    "bash +=": lambda t: b"K=" + t[:9] + b"\nK+=" + t[9:] + b"\n",
    "bash += quoted": lambda t: b'K="' + t[:9] + b'"\nK+="' + t[9:] + b'"\n',
    "cmd set append": lambda t: b"set K=" + t[:9] + b"\r\nset K=%K%" + t[9:] + b"\r\n",
    "securestring linux": lambda t: hexed(t.decode().encode("utf-16le")),
    "clixml SS": lambda t: b'<SS N="Password">' + hexed(t.decode().encode("utf-16le")) + b"</SS>",
    "bitconverter": lambda t: b"-".join(b"%02X" % c for c in t),
    "ps -join list": lambda t: b"-join('" + t[:9] + b"','" + t[9:] + b"')",
    "ps string join": lambda t: b"[string]::Join('', @('" + t[:9] + b"','" + t[9:] + b"'))",
    "js backtick plus": lambda t: b"`" + t[:9] + b"` + `" + t[9:] + b"`",
    "js backtick lines": lambda t: (
        b"const k = `" + t[:9] + b"` +\n  `" + t[9:15] + b"` +\n  `" + t[15:] + b"`;"
    ),
    "js .concat": lambda t: b'"' + t[:9] + b'".concat("' + t[9:] + b'")',
    "js .concat chain": lambda t: b'"' + t[:9] + b'".concat("' + t[9:15] + b'").concat("' + t[15:] + b'")',
    "js plus comment line": lambda t: b"'" + t[:9] + b"' + // one\n  '" + t[9:] + b"'",
    "js plus comment": lambda t: b"'" + t[:9] + b"' /* a */ + /* b */ '" + t[9:] + b"'",
    "js append": lambda t: b'var k = "' + t[:9] + b'";\nk += "' + t[9:15] + b'";\nk += "' + t[15:] + b'";',
    "php append": lambda t: b'$k = "' + t[:9] + b'";\n$k .= "' + t[9:] + b'";',
    "vba append": lambda t: (
        b'    s = "' + t[:9] + b'"\r\n    s = s + "' + t[9:15] + b'"\r\n    s = s & "' + t[15:] + b'"\r\n'
    ),
    "vba append b64": lambda t: b"".join(b'    Str = Str + "%s"\r\n' % part for part in base64_lines(t)),
    "java append": lambda t: b'new StringBuilder().append("' + t[:9] + b'").append("' + t[9:] + b'")',
    "java append lines": lambda t: b'sb.append("' + t[:9] + b'");\nsb.append("' + t[9:] + b'");',
    "cpp stream": lambda t: b'std::cout << "' + t[:9] + b'" << "' + t[9:] + b'";',
    "c strcat": lambda t: b'strcpy(k, "' + t[:9] + b'");\nstrcat(k, "' + t[9:] + b'");',
    "python join tuple": lambda t: b"''.join(('" + t[:9] + b"', '" + t[9:] + b"'))",
    "python +=": lambda t: b"k = '" + t[:9] + b"'\nk += '" + t[9:] + b"'\n",
    "r paste0": lambda t: b'paste0("' + t[:9] + b'", "' + t[9:] + b'")',
    "haskell ++": lambda t: b'"' + t[:9] + b'" ++ "' + t[9:] + b'"',
    "ocaml ^": lambda t: b'"' + t[:9] + b'" ^ "' + t[9:] + b'"',
    "julia *": lambda t: b'"' + t[:9] + b'" * "' + t[9:] + b'"',
    "fortran //": lambda t: b"'" + t[:9] + b"'//'" + t[9:] + b"'",
    "abap &&": lambda t: b"'" + t[:9] + b"' && '" + t[9:] + b"'",
    "ruby <<": lambda t: b'"' + t[:9] + b'" << "' + t[9:] + b'"',
    "excel CONCATENATE": lambda t: b'=CONCATENATE("' + t[:9] + b'","' + t[9:] + b'")',
    "excel CONCATENATE ;": lambda t: b'=CONCATENATE("' + t[:9] + b'";"' + t[9:] + b'")',
    "excel TEXTJOIN": lambda t: b'=TEXTJOIN("",TRUE,"' + t[:9] + b'","' + t[9:] + b'")',
    "cfn Fn::Join": lambda t: json.dumps(
        {"Fn::Join": ["", ["key=", t[:9].decode(), t[9:].decode()]]}
    ).encode(),
    "cfn !Join": lambda t: b"K: !Join ['', ['" + t[:9] + b"', '" + t[9:] + b"']]",
    "terraform join": lambda t: b'k = join("", ["' + t[:9] + b'", "' + t[9:] + b'"])',
    "terraform join lines": lambda t: b'k = join("", [\n    "' + t[:9] + b'",\n    "' + t[9:] + b'",\n  ])',
    "oracle chr": lambda t: b"||".join(b"CHR(%d)" % c for c in t),
    "oracle to_clob": lambda t: b"TO_CLOB('" + t[:9] + b"')\n|| TO_CLOB('" + t[9:] + b"')",
    "oracle hextoraw ||": lambda t: b"HEXTORAW('" + hexed(t[:9]) + b"') || HEXTORAW('" + hexed(t[9:]) + b"')",
    "mssql N+N": lambda t: b"N'" + t[:9] + b"' + N'" + t[9:] + b"'",
    "mssql cast +": lambda t: (
        b"CAST('" + t[:9] + b"' AS nvarchar(max)) + CAST(N'" + t[9:] + b"' AS nvarchar(max))"
    ),
    "mysql concat N": lambda t: b"CONCAT(N'" + t[:9] + b"', N'" + t[9:] + b"')",
    "mysql concat_ws": lambda t: b"CONCAT_WS('', '" + t[:9] + b"', '" + t[9:] + b"')",
    "mssql @s +=": lambda t: b"SET @s = N'" + t[:9] + b"';\nSET @s = @s + N'" + t[9:] + b"';",
    "pg U&": lambda t: b"U&'" + b"".join(b"\\%04X" % c for c in t) + b"'",
    "pg U& +6": lambda t: b"U&'" + b"".join(b"\\+%06X" % c for c in t) + b"'",
    "pg cast concat": lambda t: b"'" + t[:9] + b"'::text || '" + t[9:] + b"'::text",
    "mysql 0x concat": lambda t: b"CONCAT(0x" + hexed(t[:9]) + b",0x" + hexed(t[9:]) + b")",
    "mysql x'' adjacent": lambda t: b"x'" + hexed(t[:9]) + b"' '" + hexed(t[9:]) + b"'",
    "perl chr dots": lambda t: b".".join(b"chr(%d)" % c for c in t),
    "perl \\x{}": lambda t: b'"' + b"".join(b"\\x{%x}" % c for c in t) + b'"',
    "perl \\N{U+}": lambda t: b'"' + b"".join(b"\\N{U+%04X}" % c for c in t) + b'"',
    "lua string.char": lambda t: b"string.char(" + b",".join(b"%d" % c for c in t) + b")",
    "vba chr$": lambda t: b" & ".join(b"Chr$(%d)" % c for c in t),
    "vba chrw": lambda t: b" & ".join(b"ChrW(%d)" % c for c in t),
    "vba chrw$ lines": lambda t: b" & _\r\n".join(b"ChrW$(%d)" % c for c in t),
    "vba mixed chr": lambda t: b'"' + t[:5] + b'" & Chr(%d) & "' % t[5] + t[6:] + b'"',
    "sql mixed chr": lambda t: b"'" + t[:5] + b"'||CHR(%d)||'" % t[5] + t[6:] + b"'",
    "powerquery": lambda t: b'"' + b"".join(b"#(%04X)" % c for c in t) + b'"',
    "dax unichar": lambda t: b" & ".join(b"UNICHAR(%d)" % c for c in t),
    "excel unichar": lambda t: b"=" + b"&".join(b"_xlfn.UNICHAR(%d)" % c for c in t),
    "ruby pack": lambda t: b"[" + b", ".join(b"%d" % c for c in t) + b"].pack('C*')",
    "js charcode plus": lambda t: b"+".join(b"String.fromCharCode(%d)" % c for c in t),
    "js codepoint": lambda t: b"String.fromCodePoint(" + b", ".join(b"%d" % c for c in t) + b")",
    "c# (char)": lambda t: b"+".join(b"(char)%d" % c for c in t),
    "c# \\x var": lambda t: b'"' + b"".join(b"\\x00%02x" % c for c in t) + b'"',
    "css escapes short": lambda t: b"".join(b"\\%x " % c for c in t),
    "tcl \\x": lambda t: b"".join(b"\\u00%02x" % c for c in t),
    "hl7 hex all": lambda t: b"OBX|1|\\X" + t.hex().upper().encode() + b"\\|",
    "gser H": lambda t: b"'" + t.hex().upper().encode() + b"'H",
    "snmpwalk hex": lambda t: b"iso.3.6 = Hex-STRING: " + b" ".join(b"%02X" % c for c in t) + b" \n",
    "combolist": lambda t: b"bob@example.org:" + t + b"\n",
    "combolist ;": lambda t: b"bob@example.org;" + t + b"\n",
    "concordance": lambda t: b"\xfe1\xfe\x14\xfe" + t + b"\xfe\r\n",
    "concordance utf8": lambda t: ("þ1þ\x14þ" + t.decode() + "þ\r\n").encode(),
    "tilde-pipe csv": lambda t: b"1|~|" + t + b"|~|x",
    "caret csv": lambda t: b"1^" + t + b"^x",
}
"""How each is made of a token."""
