"""The browser console's server: sign-in, sessions, runs that outlive their requests, the API."""
