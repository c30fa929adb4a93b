"""A mail server on loopback: python smtp.py PORT FOLDER. Letters that it takes become files in the folder.

Whom a letter is for says what becomes of it: never@ is refused for good, later@ is put off the first time. It lets in
ada with the password secret, and nobody without one.
"""

import asyncio
import pathlib
import sys

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult


class Letters:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.put_off = set()

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("never@"):
            return "550 5.1.1 There is nobody of this name"
        if address.startswith("later@") and address not in self.put_off:
            self.put_off.add(address)
            return "451 4.7.1 Come again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        number = len(list(self.folder.iterdir()))
        part = self.folder / f".{number}"
        part.write_bytes(b"X-To: " + envelope.rcpt_tos[0].encode() + b"\r\n" + envelope.content)
        part.rename(self.folder / f"{number:03}.eml")
        return "250 OK"


def lets_in(server, session, envelope, mechanism, auth_data):
    # Not handled: who is not let in is still to be told.
    return AuthResult(success=(auth_data.login, auth_data.password) == (b"ada", b"secret"), handled=False)


controller = Controller(
    Letters(sys.argv[2]),
    hostname="127.0.0.1",
    port=int(sys.argv[1]),
    authenticator=lets_in,
    auth_required=True,
    auth_require_tls=False,
)
controller.start()
asyncio.new_event_loop().run_forever()
