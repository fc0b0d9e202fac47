"""The compose file as it stands, driven from outside while its containers are killed and cut off."""
