"""`python -m deploy.setup`: what deploy/compose.yaml needs beside images: .env, random secrets and certificates."""
