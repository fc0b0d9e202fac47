"""What happens in the services, told to whoever is signed in and may know of it, as it happens."""
