"""C#: a constant more of a class."""

from __future__ import annotations

from canaries.plant.formats._constants import Constants


class CSharpFormat(Constants):
    name = "csharp"
    title = "C#"
    suffixes = "cs"
    head = r"[ \t]*(?:public|internal)[ \t]+(?:const|static[ \t]+readonly)[ \t]+string[ \t]+"
    around = r"(?!.*\()(?:.*[ \t])?(?:class|struct|record|namespace)[ \t].*"
    strange = r'"""|@\$?"|\$@"'
    style = "pascal"
