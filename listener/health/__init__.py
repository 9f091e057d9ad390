"""Health: how every part of an installation is, as values with a reason and a next step.

control_socket   asks the running listener, over a Unix socket in the home folder
state            the nouns: `PartState`, `HealthReport`
checks/          one file a check; each says how its parts are, and changes nothing
examination      runs every check
trials/          one file a thing that ``doctor`` tries
trial_run        runs every trial behind the checks
watch            examines again and again, for the heartbeat, and tells the channels
direct_telling   tells them without the outbox
endpoint         /healthz and /metrics on a loopback port
"""
