//! What is asked for, with its ids to be taken out and put in.

use super::actors::Actor;
use super::plain::Plain;
use crate::policy::arguments::Arguments;
use crate::support::app::Fields;
use crate::support::{App, Reply};
use serde_json::{Value, json};
use uuid::Uuid;

/// What stands in the place of an id, besides itself: the id of the same thing in another world, one that nothing has, and
/// what is no id.
pub const KINDS: [&str; 5] = ["another", "absent", "nil", "x", "long"];

/// A request, whoever sends it.
#[derive(Clone)]
pub enum Asked {
    Form { function: String, fields: Fields },
    Json { function: String, value: Value },
    Plain(Plain),
}

impl Asked {
    pub fn function(path: &str, arguments: Arguments) -> Self {
        let function = path.trim_start_matches("/api/").to_owned();
        match arguments {
            Arguments::Form(fields) => Self::Form { function, fields },
            Arguments::Json(value) => Self::Json { function, value },
        }
    }

    /// The ids in it by the names of their fields. A field of several ids, `id.down.id`, has a name for each.
    pub fn ids(&self) -> Vec<(String, String)> {
        let mut ids = Vec::new();
        match self {
            Self::Form { fields, .. } => {
                // A coupon's code may look like an id.
                for (name, value) in fields.iter().filter(|(name, _)| name != "form[code]") {
                    let parts: Vec<&str> = value.split('.').collect();
                    for (at, part) in parts.iter().enumerate().filter(|(_, part)| is_id(part)) {
                        let name = if parts.len() == 1 { name.clone() } else { format!("{name}.{at}") };
                        ids.push((name, (*part).to_owned()));
                    }
                }
            }
            Self::Json { value, .. } => leaves(value, "", &mut |name, text| {
                ids.extend(is_id(text).then(|| (name.to_owned(), text.clone())));
            }),
            Self::Plain(plain) => {
                let named = plain.parts.iter().filter(|(_, id)| is_id(id));
                ids.extend(named.map(|(name, id)| ((*name).to_owned(), id.clone())));
            }
        }
        ids
    }

    /// The same with another id in the place of this one.
    pub fn with(&self, field: &str, id: &str) -> Self {
        let mut asked = self.clone();
        match &mut asked {
            Self::Form { fields, .. } => {
                let (name, at) = match field.rsplit_once('.') {
                    Some((name, at)) => (name, at.parse().expect("the place of an id")),
                    None => (field, 0),
                };
                let (_, value) = fields.iter_mut().find(|(known, _)| known == name).expect("the field is there");
                let mut parts: Vec<&str> = value.split('.').collect();
                parts[at] = id;
                *value = parts.join(".");
            }
            Self::Json { value, .. } => leaves_mut(value, "", &mut |name, text| {
                if name == field {
                    id.clone_into(text);
                }
            }),
            Self::Plain(plain) => {
                let (_, value) = plain.parts.iter_mut().find(|(name, _)| *name == field).expect("the part is there");
                id.clone_into(value);
            }
        }
        asked
    }

    /// The same with an id of this kind in a field; `theirs` is the request as another world would make it.
    pub fn with_kind(&self, field: &str, kind: &str, theirs: &Self) -> Self {
        match kind {
            "own" => self.clone(),
            "another" => {
                let ids = theirs.ids();
                let (_, id) = ids.iter().find(|(name, _)| name == field).expect("both worlds ask alike");
                self.with(field, id)
            }
            "absent" => self.with(field, &Uuid::new_v4().to_string()),
            "nil" => self.with(field, &Uuid::nil().to_string()),
            "x" => self.with(field, "x"),
            "long" => self.with(field, &"a".repeat(4_000)),
            _ => panic!("what is {kind}?"),
        }
    }

    /// Whether these bytes are in the request.
    pub fn holds(&self, token: &str) -> bool {
        match self {
            Self::Form { fields, .. } => fields.iter().any(|(_, value)| value.contains(token)),
            Self::Json { value, .. } => value.to_string().contains(token),
            Self::Plain(plain) => plain.path().contains(token),
        }
    }

    pub async fn send(&self, app: &App, actor: &Actor) -> Reply {
        match self {
            Self::Form { function, fields } => {
                let fields = [fields.clone(), actor.extra.clone()].concat();
                app.call(&actor.person, function, fields).await
            }
            Self::Json { function, value } => {
                let mut value = value.clone();
                for (name, text) in &actor.extra {
                    value[name] = json!(text);
                }
                app.call_json(&actor.person, function, value).await
            }
            Self::Plain(plain) => app.send(plain.request(actor)).await,
        }
    }
}

/// Nothing has the nil id: where it is sent, it says that something is not.
fn is_id(text: &str) -> bool {
    text.len() == 36 && Uuid::try_parse(text).is_ok_and(|id| !id.is_nil())
}

fn leaves(value: &Value, name: &str, see: &mut impl FnMut(&str, &String)) {
    let under = |part: &str| if name.is_empty() { part.to_owned() } else { format!("{name}.{part}") };
    match value {
        Value::String(text) => see(name, text),
        Value::Array(all) => all.iter().enumerate().for_each(|(at, one)| leaves(one, &under(&at.to_string()), see)),
        Value::Object(fields) => fields.iter().for_each(|(part, one)| leaves(one, &under(part), see)),
        _ => {}
    }
}

fn leaves_mut(value: &mut Value, name: &str, see: &mut impl FnMut(&str, &mut String)) {
    let under = |part: &str| if name.is_empty() { part.to_owned() } else { format!("{name}.{part}") };
    match value {
        Value::String(text) => see(name, text),
        Value::Array(all) => {
            all.iter_mut().enumerate().for_each(|(at, one)| leaves_mut(one, &under(&at.to_string()), see));
        }
        Value::Object(fields) => fields.iter_mut().for_each(|(part, one)| leaves_mut(one, &under(part), see)),
        _ => {}
    }
}
