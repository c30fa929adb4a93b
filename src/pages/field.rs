//! A field owns its label, hint, error and what ties them together for assistive technology.

use crate::components::form::field_error_id;
use crate::domain::typed::Typed;
use crate::islands::form::{FieldError, Submission};
use crate::islands::link_secret::LinkSecret;
use leptos::prelude::*;

/// What was typed into a field of the form around it, where that was sent without script and refused.
pub fn typed(name: &str) -> Option<String> {
    refused_form().and_then(|typed| typed.get(name).map(ToOwned::to_owned))
}

fn refused_form() -> Option<Typed> {
    use_context::<Submission>().filter(|form| untrack(|| form.is_refused())).and_then(|_| use_context())
}

/// What a field is called and says.
#[derive(Clone)]
pub struct FieldText {
    /// In the form's data; also the id.
    pub name: &'static str,
    pub label: &'static str,
    pub hint: Option<&'static str>,
    pub optional: bool,
}

impl FieldText {
    pub fn new(name: &'static str, label: &'static str) -> Self {
        Self { name, label, hint: None, optional: false }
    }

    pub fn hint(mut self, hint: &'static str) -> Self {
        self.hint = Some(hint);
        self
    }

    pub fn optional(mut self) -> Self {
        self.optional = true;
        self
    }

    /// `form[title]` is `title` to errors and to the page.
    pub fn id(&self) -> &'static str {
        self.name.strip_prefix("form[").and_then(|name| name.strip_suffix(']')).unwrap_or(self.name)
    }

    /// The ids of what describes it: the hint, and what is wrong with it, which is empty while nothing is.
    fn described_by(&self) -> String {
        let error = field_error_id(self.id());
        if self.hint.is_some() { format!("{}-hint {error}", self.id()) } else { error }
    }

    /// Whether the form was sent without script and this field was refused.
    fn is_invalid(&self) -> Option<&'static str> {
        let submission = use_context::<Submission>()?;
        untrack(|| submission.refused(self.id())).map(|_| "true")
    }
}

/// The label above and the error below a control that `children` makes.
#[component]
fn FieldFrame(text: FieldText, children: Children) -> impl IntoView {
    let id = text.id();
    let optional = text.optional.then(|| view! { " " <span class="field-optional">"(optional)"</span> });
    view! {
        <div class="field">
            <label class="field-label" for=id>{text.label}{optional}</label>
            {text.hint.map(|hint| view! { <p class="field-hint" id=format!("{id}-hint")>{hint}</p> })}
            {children()}
            <FieldError field=id.to_owned() />
        </div>
    }
    .into_any()
}

/// A field of one line.
#[component]
pub fn TextField(
    text: FieldText,
    #[prop(optional, into)] value: String,
    #[prop(default = "text")] kind: &'static str,
    #[prop(optional)] autocomplete: Option<&'static str>,
    #[prop(optional)] prefix: Option<&'static str>,
    #[prop(optional)] max: Option<usize>,
) -> impl IntoView {
    let (name, id, required) = (text.name, text.id(), !text.optional);
    // A password is not sent back.
    let value = typed(name).filter(|_| kind != "password").unwrap_or(value);
    let input = view! {
        <input
            class="input"
            id=id
            name=name
            type=kind
            value=value
            required=required
            maxlength=max
            autocomplete=autocomplete
            aria-invalid=text.is_invalid()
            aria-describedby=text.described_by()
        />
    };
    let input = match prefix {
        Some(prefix) => view! {
            <div class="input-group">
                <span class="input-prefix" aria-hidden="true">{prefix}</span>
                {input}
            </div>
        }
        .into_any(),
        None => input.into_any(),
    };
    view! { <FieldFrame text=text.clone()>{input}</FieldFrame> }.into_any()
}

/// The secret of the link that somebody came by: filled and out of sight where script runs.
#[component]
pub fn SecretField() -> impl IntoView {
    let text =
        FieldText::new("token", "Code of the link").hint("What stands behind the # of the link that you were given.");
    view! {
        <LinkSecret>
            <TextField text autocomplete="off" />
        </LinkSecret>
    }
    .into_any()
}

/// A field of several lines; the text goes in as its content, so that it is there without script.
#[component]
pub fn TextArea(
    text: FieldText,
    #[prop(optional, into)] value: String,
    #[prop(default = "input")] class: &'static str,
    #[prop(default = 4)] rows: u32,
    #[prop(optional)] max: Option<usize>,
) -> impl IntoView {
    let (name, id) = (text.name, text.id());
    let value = typed(name).unwrap_or(value);
    // Children of this element are written as they are: the text must be HTML by itself. And a parser drops one line
    // end after the opening tag: where the text starts with one, it needs another.
    let text_start = if value.starts_with('\n') { "\n" } else { "" };
    let content = format!("{text_start}{}", value.replace('&', "&amp;").replace('<', "&lt;"));
    view! {
        <FieldFrame text=text.clone()>
            <textarea
                class=class
                id=id
                name=name
                rows=rows
                maxlength=max
                aria-invalid=text.is_invalid()
                aria-describedby=text.described_by()
                inner_html=content
            ></textarea>
        </FieldFrame>
    }
    .into_any()
}

/// One of a list that may be long: value and label. Where `choose` says what to do, nothing is chosen at first.
#[component]
pub fn SelectField(
    text: FieldText,
    options: Vec<(String, String)>,
    #[prop(optional, into)] value: String,
    #[prop(optional)] choose: Option<&'static str>,
) -> impl IntoView {
    let (name, id, required) = (text.name, text.id(), !text.optional);
    let value = typed(name).unwrap_or(value);
    let options = options.into_iter().map(move |(option, label)| {
        let selected = option == value;
        view! { <option value=option selected=selected>{label}</option> }
    });
    view! {
        <FieldFrame text=text.clone()>
            <select
                class="input"
                id=id
                name=name
                required=required
                aria-invalid=text.is_invalid()
                aria-describedby=text.described_by()
            >
                {choose.map(|choose| view! { <option value="">{choose}</option> })}
                {options.collect_view()}
            </select>
        </FieldFrame>
    }
    .into_any()
}

/// One of a few, each with what it means.
#[component]
pub fn RadioCards(
    name: &'static str,
    legend: &'static str,
    /// Value, label, meaning.
    options: Vec<(&'static str, &'static str, &'static str)>,
    selected: &'static str,
) -> impl IntoView {
    let selected = typed(name).unwrap_or_else(|| selected.to_owned());
    let cards = options.into_iter().map(|(value, label, meaning)| {
        view! {
            <label class="choice">
                <input type="radio" name=name value=value checked=value == selected />
                <span>
                    <span class="choice-label">{label}</span>
                    <span class="choice-hint">{meaning}</span>
                </span>
            </label>
        }
    });
    view! {
        <fieldset class="field">
            <legend class="field-label">{legend}</legend>
            <div class="choices choices--cards">{cards.collect_view()}</div>
        </fieldset>
    }
    .into_any()
}

/// A box to tick, with what it means.
#[component]
pub fn Checkbox(
    name: &'static str,
    value: String,
    #[prop(into)] label: String,
    #[prop(optional, into)] hint: Option<String>,
    #[prop(optional)] checked: bool,
    #[prop(default = "choice")] class: &'static str,
) -> impl IntoView {
    let checked = refused_form().map_or(checked, |typed| typed.holds(name, &value));
    view! {
        <label class=class>
            <input type="checkbox" name=name value=value checked=checked />
            <span>
                <span class="choice-label">{label}</span>
                {hint.map(|hint| view! { <span class="choice-hint">{hint}</span> })}
            </span>
        </label>
    }
    .into_any()
}
