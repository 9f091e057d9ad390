"""A sensor for your own application: notices bait that is used in it, and reports that to the listener.

Nothing but the standard library, and none of its files imports the rest of Trapline: copy the folder into an
application, or import it as ``trapline_hook`` where Trapline is installed.

    from trapline_hook import Hook
    from trapline_hook.wsgi import WsgiSensor

    hook = Hook.load("sensor.json", "filter.bin", spool="/var/lib/app/reports")
    application = WsgiSensor(application, hook)
"""

from .noticing import Hook as Hook
