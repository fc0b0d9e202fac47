"""The services' images: `python -m deploy.images` builds them with podman or docker from deploy/Dockerfile."""
