"""A proxy between people and a database: passes bytes on as they are, and notices reads of honey and watched rows."""
