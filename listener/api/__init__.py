"""The HTTP API under ``/api/v1``: for programs with a token, and for what people build on it.

application  the WSGI application: guard, routes, document
guard        who asks, how often, and whether their role allows it, before any route runs
routing      how a route is declared: the permission it needs is an argument that cannot be left out
problems     every refusal as RFC 9457 problem details
fields       what bodies and answers consist of
etags        If-Match on what two people may edit
paging       cursors
rates        requests a second, by token
jobs         long work: bounded, with progress and a result
own          with whose canaries somebody works
orders       minting by orders that can be sent again
document     the OpenAPI document, and a page that shows it
routes/      one file a resource
"""
