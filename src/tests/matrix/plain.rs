//! Requests that are no server functions: addresses, and what is sent to some of them.

use super::actors::Actor;
use crate::bringing::{multipart, small, waiting};
use crate::policy::address;
use crate::support::app::{encode, request};
use crate::support::{App, World};
use axum::body::Body;
use axum::http::{Method, Request};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;

/// Every method but GET that an address takes.
pub const SENT: [(&str, &str); 20] = [
    ("POST", "/admin/courses/import/upload"),
    ("POST", "/admin/courses/import/{import}/accept"),
    ("POST", "/admin/sections/{section}/lessons/bulk/files"),
    ("POST", "/admin/lessons/{lesson}/files"),
    ("POST", "/account/picture"),
    ("POST", "/admin/products/{product}/cover"),
    ("POST", "/admin/products/card"),
    ("POST", "/admin/covers"),
    ("POST", "/uploads"),
    ("HEAD", "/uploads/{upload}"),
    ("PATCH", "/uploads/{upload}"),
    ("DELETE", "/uploads/{upload}"),
    ("POST", "/webhooks/stripe"),
    ("POST", "/webhooks/clerk"),
    ("POST", "/auth/clerk"),
    ("POST", "/auth/oidc/{provider}"),
    ("POST", "/auth/passkeys/add/begin"),
    ("POST", "/auth/passkeys/add"),
    ("POST", "/auth/passkeys/enter/begin"),
    ("POST", "/auth/passkeys/enter"),
];

const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR a picture";

#[derive(Clone)]
pub struct Plain {
    pub method: &'static str,
    pub route: &'static str,
    /// What stands in the braces of the route, and the lesson that an upload is for.
    pub parts: Vec<(&'static str, String)>,
}

impl Plain {
    /// A request of this world's things.
    pub async fn of(app: &App, world: &World, method: &'static str, route: &'static str) -> Self {
        let mut parts = Vec::new();
        for piece in route.split('{').skip(1) {
            let name = piece.split('}').next().expect("a brace ends");
            parts.push((name, part(app, world, name).await));
        }
        if (method, route) == ("POST", "/uploads") {
            parts.push(("lesson", world.paid().id.to_string()));
        }
        Self { method, route, parts }
    }

    pub fn path(&self) -> String {
        self.parts.iter().fold(self.route.to_owned(), |path, (name, value)| path.replace(&format!("{{{name}}}"), value))
    }

    pub fn request(&self, actor: &Actor) -> Request<Body> {
        let multipart_form = "multipart/form-data; boundary=b";
        let form = "application/x-www-form-urlencoded";
        let extra = encode(&actor.extra);
        let (content_type, body) = match (self.method, self.route) {
            ("POST", "/admin/courses/import/upload") => (multipart_form, multipart("file", &[("a.zip", &small())])),
            ("POST", "/admin/courses/import/{import}/accept") => (form, format!("choice=new&{extra}").into_bytes()),
            ("POST", "/admin/sections/{section}/lessons/bulk/files") => {
                (multipart_form, multipart("files", &[("a.md", b"# A lesson")]))
            }
            ("POST", "/admin/lessons/{lesson}/files") => (multipart_form, multipart("file", &[("a.bin", b"12345")])),
            ("POST", "/admin/products/{product}/cover" | "/account/picture") => {
                (multipart_form, multipart("picture", &[("a.png", PICTURE)]))
            }
            ("POST", "/admin/products/card") => (form, format!("form[name]=A&{extra}").into_bytes()),
            ("POST", "/admin/covers") => ("image/png", PICTURE.to_vec()),
            ("PATCH", _) => ("application/offset+octet-stream", b"12345".to_vec()),
            _ => ("text/plain", Vec::new()),
        };
        let method = Method::from_bytes(self.method.as_bytes()).expect("is a method");
        let mut sent = request(method, &actor.person, &actor.address(&self.path()), Body::from(body));
        let headers = sent.headers_mut();
        if self.method != "GET" {
            headers.insert("content-type", content_type.parse().expect("is a header"));
            headers.insert("sec-fetch-site", "same-origin".parse().expect("is a header"));
        }
        if self.method != "GET" && self.route.starts_with("/uploads") {
            let lesson = self.parts.iter().find(|(name, _)| *name == "lesson").map_or("", |(_, lesson)| lesson);
            let metadata =
                format!("lesson {},filename {}", BASE64_STANDARD.encode(lesson), BASE64_STANDARD.encode("a.bin"));
            for (name, value) in [
                ("tus-resumable", "1.0.0"),
                ("upload-length", "5"),
                ("upload-offset", "0"),
                ("upload-metadata", &metadata),
            ] {
                headers.insert(name, value.parse().expect("is a header"));
            }
        }
        sent
    }
}

/// What stands in these braces, in this world.
async fn part(app: &App, world: &World, name: &str) -> String {
    let last = |reply: crate::support::Reply| reply.is(201).location().rsplit('/').next().expect("an id").to_owned();
    match name {
        "import" => waiting(app, &world.admin).await,
        "upload" => last(app.begin(&world.admin, world.paid(), "a.bin", 5).await),
        "cover" => last(app.send_cover(&world.admin, PICTURE.to_vec()).await),
        name => address(&format!("{{{name}}}"), world),
    }
}
