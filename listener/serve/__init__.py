"""One process for people and programs: the console at ``/``, the API at ``/api/v1``.

application  the two, behind the same door
proxies      whose connections are taken, and whose word about the client is believed
tls_front    TLS in front of the server, for an address that is not loopback
running      from the settings to a process that serves until it is told to stop
"""
