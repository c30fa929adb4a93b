//! A key that signs tokens, and its public half in the ways that Clerk gives it out.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use rsa::pkcs1::EncodeRsaPrivateKey;
use rsa::pkcs8::EncodePublicKey;
use rsa::traits::PublicKeyParts;
use rsa::{BoxedUint, PrivateKey};
use serde_json::{Value, json};

pub struct Key {
    name: String,
    private: EncodingKey,
    public: Value,
    pem: String,
}

impl Key {
    /// A new one of 2,048 bits, as Clerk's are.
    pub fn new(name: &str) -> Self {
        let private = PrivateKey::new(&mut rand::rngs::SysRng, 2_048).expect("the system has randomness");
        let public = private.to_public_key();
        let part = |number: &BoxedUint| {
            let bytes = number.to_be_bytes_trimmed_vartime();
            URL_SAFE_NO_PAD.encode(bytes)
        };
        let der = public.to_public_key_der().expect("a key can be written");
        let lines: Vec<String> = (STANDARD.encode(der.as_bytes()).as_bytes().chunks(64))
            .map(|line| String::from_utf8_lossy(line).into_owned())
            .collect();
        Self {
            name: name.to_owned(),
            public: json!({
                "use": "sig", "kty": "RSA", "kid": name, "alg": "RS256", "n": part(public.n()), "e": part(public.e()),
            }),
            private: EncodingKey::from_rsa_der(private.to_pkcs1_der().expect("a key can be written").as_bytes()),
            pem: format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", lines.join("\n")),
        }
    }

    /// As one of a list (RFC 7517).
    pub fn listed(&self) -> &Value {
        &self.public
    }

    pub fn pem(&self) -> &str {
        &self.pem
    }

    /// A token that says this.
    pub fn sign(&self, claims: &Value) -> String {
        self.sign_as(claims, |_| ())
    }

    /// The same under a header that was changed.
    pub fn sign_as(&self, claims: &Value, change: impl FnOnce(&mut Header)) -> String {
        let mut header = Header::new(Algorithm::RS256);
        header.kid = Some(self.name.clone());
        change(&mut header);
        encode(&header, claims, &self.private).expect("what can be written can be signed")
    }
}
