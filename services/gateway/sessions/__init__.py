"""Who is signed in at which browser, and the tokens that the issuer gave for that."""
