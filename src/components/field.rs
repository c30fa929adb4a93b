//! A field owns its label, hint, error and what ties them together for assistive technology.

use super::icon::{Icon, IconView};
use leptos::prelude::*;

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

    fn described_by(&self, error: bool) -> Option<String> {
        let hint = self.hint.map(|_| format!("{}-hint", self.id()));
        let error = error.then(|| format!("{}-error", self.id()));
        let ids: Vec<String> = hint.into_iter().chain(error).collect();
        (!ids.is_empty()).then(|| ids.join(" "))
    }
}

/// The label above and the error below a control that `children` makes.
#[component]
fn FieldFrame(text: FieldText, error: Signal<Option<String>>, children: Children) -> impl IntoView {
    let id = text.id();
    let optional = text.optional.then(|| view! { " " <span class="field-optional">"(optional)"</span> });
    view! {
        <div class="field">
            <label class="field-label" for=id>{text.label}{optional}</label>
            {text.hint.map(|hint| view! { <p class="field-hint" id=format!("{id}-hint")>{hint}</p> })}
            {children()}
            {move || {
                error
                    .get()
                    .map(|sentence| {
                        view! {
                            <p class="field-error" id=format!("{id}-error")>
                                <IconView icon=Icon::Warning />
                                {sentence}
                            </p>
                        }
                    })
            }}
        </div>
    }
    .into_any()
}

/// A field of one line.
#[component]
pub fn TextField(
    text: FieldText,
    #[prop(into)] error: Signal<Option<String>>,
    #[prop(optional, into)] value: String,
    #[prop(default = "text")] kind: &'static str,
    #[prop(optional)] autocomplete: Option<&'static str>,
    #[prop(optional)] prefix: Option<&'static str>,
    #[prop(optional)] max: Option<usize>,
) -> impl IntoView {
    let (name, id, required) = (text.name, text.id(), !text.optional);
    let described = text.clone();
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
            aria-invalid=move || error.get().map(|_| "true")
            aria-describedby=move || described.described_by(error.get().is_some())
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
    view! { <FieldFrame text error>{input}</FieldFrame> }.into_any()
}

/// A field of several lines; the text goes in as its content, so that it is there without script.
#[component]
pub fn TextArea(
    text: FieldText,
    #[prop(into)] error: Signal<Option<String>>,
    #[prop(optional, into)] value: String,
    #[prop(default = "input")] class: &'static str,
    #[prop(default = 4)] rows: u32,
    #[prop(optional)] max: Option<usize>,
) -> impl IntoView {
    let (name, id) = (text.name, text.id());
    let described = text.clone();
    // A parser drops one line end after the opening tag: where the text starts with one, it needs another.
    let content = if value.starts_with('\n') { format!("\n{value}") } else { value };
    view! {
        <FieldFrame text error>
            <textarea
                class=class
                id=id
                name=name
                rows=rows
                maxlength=max
                aria-invalid=move || error.get().map(|_| "true")
                aria-describedby=move || described.described_by(error.get().is_some())
            >
                {content}
            </textarea>
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
) -> impl IntoView {
    view! {
        <label class="choice">
            <input type="checkbox" name=name value=value checked=checked />
            <span>
                <span class="choice-label">{label}</span>
                {hint.map(|hint| view! { <span class="choice-hint">{hint}</span> })}
            </span>
        </label>
    }
    .into_any()
}
