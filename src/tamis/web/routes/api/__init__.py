"""The same use cases as documented JSON, for programs: ``/api/openapi.json`` describes them.

One module a step, as the pages have it; each route calls the use case that its page calls, with the
same right, and returns what the person may see. On a team's server a program sends a person's token
(``Authorization: Bearer tamis_…``) and acts as that person, within what the token allows; what is
sealed is sealed from programs too.
"""
