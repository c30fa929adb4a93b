//! A device that keeps passkeys, as far as a site can tell (W3C Web Authentication, level 3; RFC 8949 for CBOR): it makes
//! keys, signs with them, and lies where a test wants it to.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

const PRESENT: u8 = 0x01;
const VERIFIED: u8 = 0x04;
const NEW_KEY: u8 = 0x40;

#[derive(Clone)]
pub struct Authenticator {
    pub key: SigningKey,
    pub id: Vec<u8>,
    /// Whose the key is, as the site said when it was made.
    pub user: Vec<u8>,
    /// How often it was used, as it says.
    pub counter: u32,
    /// Whether it makes sure of its person.
    pub verifies: bool,
    /// Where its browser is.
    pub origin: String,
}

impl Authenticator {
    /// A device in a browser at this origin.
    pub fn at(origin: &str) -> Self {
        let seed = [Uuid::new_v4(), Uuid::new_v4()].map(Uuid::into_bytes).concat();
        Self {
            key: SigningKey::from_slice(&seed).expect("is a key"),
            id: Uuid::new_v4().as_bytes().to_vec(),
            user: Vec::new(),
            counter: 0,
            verifies: true,
            origin: origin.to_owned(),
        }
    }

    /// Makes its key: what a browser answers to these options.
    pub fn make(&mut self, options: &Value) -> Value {
        let options = &options["publicKey"];
        self.user = decoded(&options["user"]["id"]);
        let site = options["rp"]["id"].as_str().expect("a site has a name");
        let client = self.client("webauthn.create", &options["challenge"]);
        let point = self.key.verifying_key().to_sec1_point(false);
        let mut data = self.data(site, NEW_KEY);
        data.extend([0; 16]);
        data.extend(u16::try_from(self.id.len()).expect("is short").to_be_bytes());
        data.extend(&self.id);
        // A map of five: an elliptic key for ES256 on P-256, then both coordinates.
        data.extend([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01]);
        data.extend(
            [&[0x21, 0x58, 0x20], &point.as_bytes()[1..33], &[0x22, 0x58, 0x20], &point.as_bytes()[33..]].concat(),
        );
        let length = u8::try_from(data.len()).expect("is short");
        let object =
            [b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58".as_slice(), &[length], data.as_slice()].concat();
        json!({
            "id": encoded(&self.id), "rawId": encoded(&self.id), "type": "public-key",
            "authenticatorAttachment": "platform", "clientExtensionResults": {"credProps": {"rk": true}},
            "response": {
                "attestationObject": encoded(&object), "clientDataJSON": encoded(&client), "transports": ["internal"],
            },
        })
    }

    /// Signs: what a browser answers to these options.
    pub fn sign(&mut self, options: &Value) -> Value {
        let options = &options["publicKey"];
        let client = self.client("webauthn.get", &options["challenge"]);
        let data = self.data(options["rpId"].as_str().expect("a site has a name"), 0);
        let signed = [data.as_slice(), &Sha256::digest(&client)].concat();
        let signature: Signature = self.key.sign(&signed);
        json!({
            "id": encoded(&self.id), "rawId": encoded(&self.id), "type": "public-key",
            "authenticatorAttachment": "platform", "clientExtensionResults": {},
            "response": {
                "authenticatorData": encoded(&data), "clientDataJSON": encoded(&client),
                "signature": encoded(signature.to_der().as_bytes()), "userHandle": encoded(&self.user),
            },
        })
    }

    /// What the browser saw.
    fn client(&self, kind: &str, challenge: &Value) -> Vec<u8> {
        let data = json!({"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": false});
        data.to_string().into_bytes()
    }

    /// What the device says of itself.
    fn data(&self, site: &str, flags: u8) -> Vec<u8> {
        let verified = if self.verifies { VERIFIED } else { 0 };
        let hash = Sha256::digest(site.as_bytes());
        [hash.as_slice(), &[PRESENT | verified | flags], &self.counter.to_be_bytes()].concat()
    }
}

pub fn encoded(bytes: &[u8]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

fn decoded(text: &Value) -> Vec<u8> {
    BASE64_URL_SAFE_NO_PAD.decode(text.as_str().expect("is text")).expect("is base64url")
}
