"""Tokens in requests of browsers, programs and the tools that copy them."""

from __future__ import annotations

import base64
import gzip
import hashlib
import html
import json
import struct
import urllib.parse
import zlib
from collections.abc import Callable

from tests.wrapped import b64, b64url, quoted, raw

FORMS: dict[str, Callable[[bytes], bytes]] = {
    "curl data-urlencode": lambda t: (
        b"POST /x HTTP/1.1\r\nContent-Length: 9\r\n\r\nkey=" + urllib.parse.quote(t, safe="").encode()
    ),
    "curl -F": lambda t: (
        b'------------------------d74496d66958873e\r\nContent-Disposition: form-data; name="a"\r\n\r\n'
        + t
        + b"\r\n------------------------d74496d66958873e--\r\n"
    ),
    "soap cdata": lambda t: b"<s:Envelope><s:Body><k><![CDATA[" + t + b"]]></k></s:Body></s:Envelope>",
    "cdata split": lambda t: b"<k><![CDATA[" + t[:9] + b"]]><![CDATA[" + t[9:] + b"]]></k>",
    "xml escaped in xml": lambda t: html.escape(
        "<k>" + html.escape(f"<t a='{t.decode()}'/>") + "</k>"
    ).encode(),
    "xml comment": lambda t: b"<a><!-- " + t + b" --></a>",
    "xml pi": lambda t: b"<?k " + t + b"?>",
    "xml utf16": lambda t: (f'<?xml version="1.0" encoding="utf-16"?><k>{t.decode()}</k>').encode("utf-16"),
    "xml utf16 refs": lambda t: (
        '<?xml version="1.0" encoding="utf-16"?><k>{}</k>'.format("".join(f"&#{c};" for c in t))
    ).encode("utf-16"),
    "html entities no semicolon dec": lambda t: b"<a>" + b"".join(b"&#%d" % c for c in t) + b"</a>",
    "html entities no semicolon hex": lambda t: b"<a>" + b"".join(b"&#x%x" % c for c in t) + b"</a>",
    "html entities zero padded": lambda t: b"".join(b"&#%07d" % c for c in t),
    "html entities hex padded": lambda t: b"".join(b"&#x%06X;" % c for c in t),
    "html double encoded amp": lambda t: b"".join(b"&amp;#%d;" % c for c in t),
    "html attr href js": lambda t: b'<a href="javascript:f(&quot;' + t + b'&quot;)">',
    "html wbr": lambda t: t[:5] + b"<wbr>" + t[5:15] + b"&shy;" + t[15:],
    "html zwsp entity": lambda t: t[:5] + b"&#8203;" + t[5:15] + b"&#x200b;" + t[15:],
    "html soft hyphen utf8": lambda t: t[:5] + "\u00ad".encode() + t[5:],
    "html spans syntax": lambda t: (
        b'<span class="hljs-string">' + t[:5] + b'</span><span class="x">' + t[5:] + b"</span>"
    ),
    "html table letters": lambda t: b"<pre>" + b"".join(b"<span>%c</span>" % c for c in t) + b"</pre>",
    "html data url in css": lambda t: b"url(data:text/plain;charset=utf-8;base64," + b64(t) + b")",
    "css escapes": lambda t: b"content:'" + b"".join(b"\\%x " % c for c in t) + b"'",
    "css escapes 6": lambda t: b"content:'" + b"".join(b"\\%06x" % c for c in t) + b"'",
    "JSON:API": lambda t: json.dumps({"data": {"type": "a", "attributes": {"k": t.decode()}}}).encode(),
    "json pretty escaped slash": lambda t: (
        json.dumps({"k": "http://a/" + t.decode()}).replace("/", "\\/").encode()
    ),
    "json triple nested": lambda t: json.dumps(json.dumps(json.dumps({"k": t.decode()}))).encode(),
    "json upper \\U": lambda t: b'{"k":"' + b"".join(b"\\u%04X" % c for c in t) + b'"}',
    "json char array": lambda t: json.dumps([chr(c) for c in t]).encode(),
    "json char map": lambda t: json.dumps({str(i): chr(c) for i, c in enumerate(t)}).encode(),
    "json byte map": lambda t: json.dumps({str(i): c for i, c in enumerate(t)}).encode(),
    "json byte map pretty": lambda t: json.dumps({str(i): c for i, c in enumerate(t)}, indent=2).encode(),
    "json gzip b64": lambda t: json.dumps(
        {"body": b64(gzip.compress(t)).decode(), "isBase64Encoded": True}
    ).encode(),
    "json gzip b64 escaped": lambda t: (
        json.dumps({"body": b64(gzip.compress(t)).decode()}).replace("/", "\\/").encode()
    ),
    "json bytes-as-latin1 gzip": lambda t: json.dumps(gzip.compress(t).decode("latin-1")).encode(),
    "json bytes-as-latin1 raw": lambda t: json.dumps(
        gzip.compress(t).decode("latin-1"), ensure_ascii=False
    ).encode(),
    "json5": lambda t: b"{k:'" + t[:9] + b"\\\n" + t[9:] + b"',}",
    "jsonp": lambda t: b'/**/cb({"k":"' + t + b'"});',
    "json utf16 escaped surrogate": lambda t: b'{"k":"\\ud83d\\ude00' + t + b'"}',
    "json utf-16 body": lambda t: json.dumps({"k": t.decode()}).encode("utf-16"),
    "form array": lambda t: b"k%5B0%5D=" + urllib.parse.quote(t, safe="").encode() + b"&k%5B1%5D=b",
    "form array names": lambda t: b"k[" + urllib.parse.quote(t, safe="").encode() + b"]=1",
    "form in form": lambda t: urllib.parse.urlencode({"payload": urllib.parse.urlencode({"a": t})}).encode(),
    "form json": lambda t: urllib.parse.urlencode({"payload": json.dumps({"a": t.decode()})}).encode(),
    "form utf-16 percent": lambda t: (
        b"k=" + urllib.parse.quote(t.decode().encode("utf-16le"), safe="").encode()
    ),
    "percent every upper": lambda t: b"".join(b"%%%02X" % c for c in t),
    "percent nibbles": lambda t: b"".join(
        b"%%%%%02x%%%02x" % (ord("%x" % (c >> 4)), ord("%x" % (c & 15))) for c in t
    ),
    "percent U 4": lambda t: b"".join(b"%%U00%02X" % c for c in t),
    "percent u fullwidth": lambda t: "".join("%%u%04x" % (c + 0xFEE0) for c in t).encode(),
    "matrix param": lambda t: (
        b"GET /a;k=" + urllib.parse.quote(t, safe="").encode() + b";b=c/x HTTP/1.1\r\n\r\n"
    ),
    "url userinfo": lambda t: b"https://user:" + urllib.parse.quote(t, safe="").encode() + b"@a.example/",
    "url fragment": lambda t: b"https://a.example/#access_token=" + t + b"&x=1",
    "referer nested": lambda t: b"Referer: https://a/?u=" + quoted(b"https://b/?k=" + quoted(t)),
    "google amp": lambda t: (
        b"https://www.google.com/url?q=" + quoted(b"https://b/?k=" + quoted(t)) + b"&sa=D"
    ),
    "cookie flask itsdangerous": lambda t: (
        b"session=" + b64url(json.dumps({"k": t.decode()}).encode()) + b".Zk1A.sig"
    ),
    "cookie flask zlib": lambda t: (
        b"session=." + b64url(zlib.compress(json.dumps({"k": t.decode()}).encode())) + b".Zk1A.sig"
    ),
    "cookie flask b tag": lambda t: (
        b"session=" + b64url(json.dumps({"k": {" b": b64(t).decode()}}).encode()) + b".Zk1A.sig"
    ),
    "cookie django signed": lambda t: (
        b'sessionid="' + b64url(json.dumps({"k": t.decode()}).encode()) + b':1tZ:sig"'
    ),
    "cookie django messages": lambda t: (
        b'messages="' + b64url(zlib.compress(json.dumps(t.decode()).encode())) + b':sig"'
    ),
    "cookie octal (python SimpleCookie)": lambda t: b'k="' + b"".join(b"\\%03o" % c for c in t) + b'"',
    "cookie express j:": lambda t: b"user=j%3A" + quoted(json.dumps({"k": t.decode()}).encode()),
    "cookie express s:": lambda t: b"user=s%3A" + quoted(t) + b"." + quoted(b64(b"sig" * 8)),
    "cookie-session": lambda t: (
        b"session=" + b64(json.dumps({"k": t.decode()}).encode()) + b"; session.sig=abc"
    ),
    "cookie asp.net viewstate": lambda t: (
        b"__VIEWSTATE=" + quoted(b64(b"\xff\x01\x0f\x05" + bytes([len(t)]) + t))
    ),
    "cookie asp.net viewstate long": lambda t: (
        b"__VIEWSTATE=" + quoted(b64(b"\xff\x01\x0f\x05" + b"\x83\x01" + b"x" * 99 + b" " + t))
    ),
    "jsf viewstate gz": lambda t: (
        b"javax.faces.ViewState="
        + quoted(b64(gzip.compress(b"\xac\xed\0\5t" + struct.pack(">H", len(t)) + t)))
    ),
    "play session": lambda t: (
        b"PLAY_SESSION=" + hashlib.sha1(t).hexdigest().encode() + b"-k=" + quoted(t) + b"&b=c"
    ),
    "jwt": lambda t: (
        b64url(b'{"alg":"HS256"}')
        + b"."
        + b64url(json.dumps({"k": t.decode()}).encode())
        + b"."
        + b64url(b"s" * 32)
    ),
    "jwt DEF zip": lambda t: (
        b64url(b'{"alg":"none","zip":"DEF"}')
        + b"."
        + b64url(raw(json.dumps({"k": t.decode()}).encode()))
        + b"."
    ),
    "jws flattened": lambda t: json.dumps(
        {"payload": b64url(t).decode(), "protected": "eyJhbGciOiJIUzI1NiJ9", "signature": "abc"}
    ).encode(),
    "jwt in header kid": lambda t: (
        b64url(json.dumps({"alg": "HS256", "kid": t.decode()}).encode()) + b"." + b64url(b"{}") + b".abc"
    ),
    "jwe header": lambda t: (
        b64url(json.dumps({"alg": "dir", "enc": "A256GCM", "apu": b64url(t).decode()}).encode())
        + b"..iv.ct.tag"
    ),
    "oauth1 header": lambda t: (
        b'Authorization: OAuth oauth_consumer_key="' + quoted(t) + b'", oauth_signature="x"'
    ),
    "saml redirect": lambda t: (
        b"GET /sso?SAMLRequest="
        + quoted(b64(raw(b"<saml><k>" + t + b"</k></saml>")))
        + b"&RelayState=x HTTP/1.1\r\n\r\n"
    ),
    "saml post": lambda t: (
        b"SAMLResponse=" + quoted(b64(b"<samlp:Response><k>" + t + b"</k></samlp:Response>"))
    ),
    "saml post wrapped": lambda t: (
        b"SAMLResponse="
        + quoted(base64.encodebytes(b"<samlp:Response><k>some words</k><k>" + t + b"</k></samlp:Response>"))
    ),
    "paseto public": lambda t: b"v4.public." + b64url(json.dumps({"k": t.decode()}).encode() + b"s" * 64),
    "macaroon v1": lambda t: b64url(
        b"%04xlocation a\n" % 15 + b"%04xidentifier " % (len(t) + 16) + t + b"\n"
    ),
    "macaroon v2": lambda t: b64url(b"\x02\x01\x01a\x02" + bytes([len(t)]) + t + b"\0"),
    "basic utf16": lambda t: (
        b"Authorization: Basic " + b64(b"u:".decode().encode("utf-16le") + t.decode().encode("utf-16le"))
    ),
    "basic token as user": lambda t: b"Authorization: Basic " + b64(t + b":"),
    "basic percent": lambda t: b"Authorization: Basic " + b64(b"u:" + quoted(t)),
    "bearer in subprotocol": lambda t: (
        b"Sec-WebSocket-Protocol: base64url.bearer.authorization.k8s.io." + b64url(t) + b", x"
    ),
    "sip auth": lambda t: (
        b'REGISTER sip:a SIP/2.0\r\nAuthorization: Digest username="'
        + t
        + b'",realm="a",nonce="b",uri="sip:a",response="c"\r\n\r\n'
    ),
    "rtsp url": lambda t: b"DESCRIBE rtsp://admin:" + quoted(t) + b"@10.0.0.1/ RTSP/1.0\r\nCSeq: 1\r\n\r\n",
    "sip to escaped": lambda t: b"To: <sip:" + b"".join(b"%%%02x" % c for c in t) + b"@a>;tag=1\r\n",
    "sigv2 AWS": lambda t: b"Authorization: AWS " + t + b":frJIUN8DYpKDtOLCwo//yllqDzg=",
    "azure sharedkey": lambda t: b"Authorization: SharedKey acct:" + b64(t),
    "azure sas": lambda t: b"?sv=2020-08-04&sig=" + quoted(b64(t)) + b"&se=2021-12-30T01%3A00%3A00Z",
    "graphql variables": lambda t: json.dumps(
        {"query": "query($k:String!){a(k:$k)}", "variables": {"k": t.decode()}}
    ).encode(),
    "graphql block string": lambda t: json.dumps({"query": '{a(k:"""' + t.decode() + '""")}'}).encode(),
    "graphql GET": lambda t: b"GET /graphql?query=" + quoted(b'{a(k:"' + t + b'")}') + b" HTTP/1.1\r\n\r\n",
    "multipart b64 cte": lambda t: (
        b'--b\r\nContent-Disposition: form-data; name="f"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
        + b64(t)
        + b"\r\n--b--\r\n"
    ),
    "multipart filename": lambda t: (
        b'--b\r\nContent-Disposition: form-data; name="f"; filename="' + t + b'.txt"\r\n\r\nx\r\n--b--\r\n'
    ),
    "multipart filename*": lambda t: (
        b"--b\r\nContent-Disposition: form-data; filename*=UTF-8''" + quoted(t) + b"\r\n\r\nx\r\n--b--\r\n"
    ),
    "multipart related soap mtom": lambda t: (
        b"--uuid:1\r\nContent-Type: application/octet-stream\r\nContent-Transfer-Encoding: binary\r\n"
        b"Content-ID: <a>\r\n\r\n" + gzip.compress(t) + b"\r\n--uuid:1--\r\n"
    ),
    "markdown link": lambda t: b"[k](https://a/?k=" + t + b")",
    "slack link": lambda t: b"<https://a/" + t + b"|here>",
    "slack escaped": lambda t: b"`" + t.replace(b"&", b"&amp;") + b"`",
    "wide in json escapes": lambda t: json.dumps("".join(chr(c) + "\0" for c in t)).encode(),
    "cookie punctuation": lambda t: b'Cookie: k="' + t + b'"; Path=/',
    "set-cookie http date": lambda t: (
        b"Set-Cookie: k=" + quoted(t) + b"; Expires=Wed, 21 Oct 2026 07:28:00 GMT"
    ),
    "har": lambda t: json.dumps(
        {"log": {"entries": [{"request": {"postData": {"text": json.dumps({"k": t.decode()})}}}]}}
    ).encode(),
    "har b64 content": lambda t: json.dumps(
        {
            "response": {
                "content": {
                    "encoding": "base64",
                    "text": b64(json.dumps({"k": t.decode()}).encode()).decode(),
                }
            }
        }
    ).encode(),
    "burp xml": lambda t: (
        b'<request base64="true"><![CDATA['
        + b64(b"GET / HTTP/1.1\r\nX: " + t + b"\r\n\r\n")
        + b"]]></request>"
    ),
    "postman": lambda t: json.dumps(
        {"body": {"mode": "raw", "raw": f'{{\n\t"k": "{t.decode()}"\n}}'}}
    ).encode(),
    "curl --libcurl": lambda t: (
        b'curl_easy_setopt(h, CURLOPT_POSTFIELDS, "' + b"".join(b"\\%03o" % c for c in t) + b'");'
    ),
    "curl --trace": lambda t: (
        b"=> Send data, %d bytes\n" % len(t)
        + b"".join(
            b"%04x: %s %s\n" % (i, t[i : i + 16].hex(" ").encode().ljust(48), t[i : i + 16])
            for i in range(0, len(t), 16)
        )
    ),
    "curl --trace-ascii": lambda t: b"0000: " + t,
    "copy as powershell": lambda t: b'-Headers @{"Authorization"="Bearer ' + t + b'"}',
    "copy as curl cmd": lambda t: b'curl --data-raw ^"^{^\\^"k^\\^":^\\^"' + t + b'^\\^"^}^"',
    "copy as curl cmd pct": lambda t: b'curl --data-raw "a=^%^2F' + t + b'"',
    "copy as fetch": lambda t: b'fetch("https://a",{"body":"{\\"k\\":\\"' + t + b'\\"}"})',
    "putty reg %": lambda t: b'"HostName"="' + t.replace(b"-", b"%2D").replace(b"_", b"%5F") + b'"',
    "json \\u002d only specials": lambda t: (
        b'"'
        + t.replace(b"-", b"\\u002d")
        .replace(b"+", b"\\u002B")
        .replace(b"/", b"\\u002F")
        .replace(b"_", b"\\u005f")
        + b'"'
    ),
}
"""How each is made of a token."""
