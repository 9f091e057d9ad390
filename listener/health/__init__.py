"""Health: how every part of an installation is, as values with a reason and a next step.

control_socket   asks the running listener, over a Unix socket in the home folder
state            the nouns: `PartState`, `HealthReport`
checks/          one file a check; each says how its parts are, and changes nothing
examination      runs every check
"""
