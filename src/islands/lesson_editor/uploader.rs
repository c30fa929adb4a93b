//! A lesson's files, beside its form: what is there, and more to come. Nothing in here touches the form, so no text is
//! lost by an upload.

mod tus;

use super::super::form::{FormTarget, Submission, SubmissionForm};
use crate::api::admin::lessons::GetLessonEdit;
use crate::api::submit::Call;
use crate::components::icon::{Icon, IconView};
use crate::components::live::{live, spawn};
use crate::domain::file::{FileKind, LessonFile, size};
use crate::domain::id::{CaptionsId, LessonId};
use crate::domain::language::{self, LANGUAGES};
use crate::domain::lesson::Lesson;
use js_sys::Function;
use leptos::ev::{DragEvent, SubmitEvent};
use leptos::html::{Input, Select};
use leptos::prelude::*;
use std::collections::VecDeque;
use tus::{Step, Upload};
use wasm_bindgen::JsValue;
use web_sys::{File, FileList};

/// What the list shows, and what is about to be in it.
#[derive(Clone, Copy)]
pub struct Shelf {
    lesson: LessonId,
    files: RwSignal<Vec<LessonFile>>,
    captions: RwSignal<Vec<(CaptionsId, String)>>,
    /// In browsers alone: files are tied to their thread, and what a server makes is to be tied to none.
    queue: Option<StoredValue<VecDeque<Waiting>, LocalStorage>>,
    /// The upload under way: its file's name, percent, and whether it waits for the network.
    under_way: RwSignal<Option<(String, u32, bool)>>,
    trouble: RwSignal<Vec<String>>,
    stopped: StoredValue<bool>,
}

/// A file that is to be uploaded.
#[derive(Clone)]
struct Waiting {
    file: File,
    name: String,
    /// Of captions.
    language: String,
    /// Takes the Markdown that shows it, where it was put into the text.
    insert: Option<Function>,
}

impl Shelf {
    pub fn new(lesson: LessonId, files: Vec<LessonFile>, captions: Vec<(CaptionsId, String)>) -> Self {
        Self {
            lesson,
            files: RwSignal::new(files),
            captions: RwSignal::new(captions),
            queue: cfg!(feature = "hydrate").then(|| StoredValue::new_local(VecDeque::new())),
            under_way: RwSignal::new(None),
            trouble: RwSignal::new(Vec::new()),
            stopped: StoredValue::new(false),
        }
    }
}

#[component]
pub fn Uploader(shelf: Shelf, delete_file: FormTarget, delete_captions: FormTarget) -> impl IntoView {
    let rows = live(move || {
        let files = shelf.files.get().into_iter().map(|file| {
            let (icon, use_it) = match file.kind {
                FileKind::Video => (Icon::Video, "plays in this lesson".to_owned()),
                FileKind::Picture => (Icon::Eye, format!("![What it shows]({})", address(&file.name))),
                FileKind::Attachment => (Icon::Document, "to download, below the text".to_owned()),
            };
            let words = format!("{} · {} · {use_it}", file.kind.label(), size(file.bytes));
            row(shelf, icon, file.name, words, delete_file.clone(), file.id.to_string())
        });
        let captions = shelf.captions.get().into_iter().map(|(id, tag)| {
            let name = language::name(&tag).to_owned();
            row(shelf, Icon::Info, name, "Captions of the video".to_owned(), delete_captions.clone(), id.to_string())
        });
        let rows: Vec<AnyView> = files.chain(captions).collect();
        match rows.is_empty() {
            true => view! { <p class="muted">"No files yet."</p> }.into_any(),
            false => view! { <ul class="file-list" role="list">{rows}</ul> }.into_any(),
        }
    });
    view! {
        {rows}
        <UploadForm shelf />
        <p class="upload-status" role="status">{status(shelf)}</p>
        {trouble(shelf)}
    }
    .into_any()
}

/// A file with the form that deletes it.
fn row(shelf: Shelf, icon: Icon, name: String, words: String, delete: FormTarget, id: String) -> AnyView {
    let submission = Submission::new(delete);
    submission.on_answer(move |_| shelf.reload());
    let label = format!("Delete {name}");
    view! {
        <li>
            <IconView icon />
            <span><strong>{name}</strong><span>{words}</span></span>
            <SubmissionForm submission>
                <input type="hidden" name="id" value=id />
                <button class="button button--quiet button--icon button--small" type="submit" aria-label=label>
                    <IconView icon=Icon::Trash />
                </button>
            </SubmissionForm>
        </li>
    }
    .into_any()
}

#[component]
fn UploadForm(shelf: Shelf) -> impl IntoView {
    let (input, select) = (NodeRef::<Input>::new(), NodeRef::<Select>::new());
    let send = move |files: Option<FileList>| {
        let language = select.get_untracked().map(|select| select.value()).unwrap_or_default();
        let files = files.into_iter().flat_map(|files| (0..files.length()).filter_map(move |at| files.get(at)));
        shelf.send(files.map(|file| Waiting { name: file.name(), file, language: language.clone(), insert: None }));
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if let Some(input) = input.get_untracked() {
            send(input.files());
            input.set_value("");
        }
    };
    let drop = move |event: DragEvent| {
        event.prevent_default();
        send(event.data_transfer().and_then(|transfer| transfer.files()));
    };
    let languages = LANGUAGES.map(|(tag, name)| view! { <option value=tag>{name}</option> }.into_any());
    view! {
        <form
            class="upload"
            method="post"
            enctype="multipart/form-data"
            action=format!("/admin/lessons/{}/files", shelf.lesson)
            on:submit=submit
            on:dragover=|event: DragEvent| event.prevent_default()
            on:drop=drop
        >
            <div class="field">
                <label class="field-label" for="upload-language">"Language of captions"</label>
                <select class="input" id="upload-language" name="language" node_ref=select>{Vec::from(languages)}</select>
            </div>
            <div class="field">
                <label class="field-label" for="upload-file">"Files"</label>
                <input class="input" id="upload-file" name="file" type="file" multiple required node_ref=input />
            </div>
            <button class="button" type="submit"><IconView icon=Icon::Plus />"Upload"</button>
        </form>
    }
    .into_any()
}

fn status(shelf: Shelf) -> AnyView {
    live(move || match shelf.under_way.get() {
        Some((name, percent, waits)) => {
            let words =
                if waits { format!("{name}: no connection, trying again") } else { format!("{name}: {percent} %") };
            view! {
                <span>{words}</span>
                <progress max="100" value=percent.to_string() aria-label="Upload"></progress>
                <button class="button button--small" type="button" on:click=move |_| shelf.stopped.set_value(true)>
                    "Stop"
                </button>
            }
            .into_any()
        }
        None => ().into_any(),
    })
}

fn trouble(shelf: Shelf) -> AnyView {
    live(move || {
        let lines = shelf.trouble.get().into_iter().map(|line| view! { <li>{line}</li> }.into_any());
        let lines: Vec<AnyView> = lines.collect();
        match lines.is_empty() {
            true => ().into_any(),
            false => view! { <ul class="field-error" role="alert">{lines}</ul> }.into_any(),
        }
    })
}

impl Shelf {
    /// Takes files that were put into the text. Pictures of the clipboard are all called the same: what is called as
    /// a file that is there gets a name of its own, and takes the place of none.
    pub fn put_into_text(self, files: Vec<File>, insert: &Function) {
        let mut taken: Vec<String> =
            self.files.with_untracked(|files| files.iter().map(|file| file.name.clone()).collect());
        let files: Vec<Waiting> = files
            .into_iter()
            .map(|file| {
                let name = free_name(&file.name(), &taken);
                taken.push(name.clone());
                Waiting { file, name, language: String::new(), insert: Some(insert.clone()) }
            })
            .collect();
        self.send(files.into_iter());
    }

    /// Sends files one after the other, after those under way.
    fn send(self, files: impl Iterator<Item = Waiting>) {
        let Some(queue) = self.queue else { return };
        let idle = queue.with_value(VecDeque::is_empty);
        queue.update_value(|queue| queue.extend(files));
        if !idle || queue.with_value(VecDeque::is_empty) {
            return;
        }
        self.trouble.set(Vec::new());
        self.stopped.set_value(false);
        spawn(async move {
            while let Some(waiting) = queue.try_with_value(|queue| queue.front().cloned()).flatten() {
                self.upload(&waiting).await;
                let stopped = self.stopped.get_value();
                queue.update_value(|queue| if stopped { queue.clear() } else { _ = queue.pop_front() });
            }
            self.under_way.set(None);
            self.reload();
        });
    }

    async fn upload(self, waiting: &Waiting) {
        let Waiting { file, name, language, insert } = waiting;
        let whole = file.size().max(1.0);
        self.under_way.set(Some((name.clone(), 0, false)));
        let heard = |step| {
            let shown = self.under_way.get_untracked().map_or(0, |(_, percent, _)| percent);
            let (percent, waits) = match step {
                Step::Sent(bytes) => ((bytes / whole * 100.0) as u32, false),
                Step::Waiting => (shown, true),
            };
            self.under_way.set(Some((name.clone(), percent, waits)));
            !self.stopped.get_value()
        };
        let upload = Upload { file, name, lesson: self.lesson, language };
        match upload.send(heard).await {
            Err(sentence) => self.trouble.update(|lines| lines.push(format!("{name}: {sentence}"))),
            Ok(()) => {
                if let Some(insert) = insert {
                    let picture = if file.type_().starts_with("image/") { "!" } else { "" };
                    let markdown = format!("{picture}[{name}]({})", address(name));
                    _ = insert.call1(&JsValue::NULL, &JsValue::from_str(&markdown));
                }
            }
        }
    }

    fn reload(self) {
        spawn(async move {
            let answer = Call::form::<GetLessonEdit>(format!("id={}", self.lesson)).send().await;
            if let Some(lesson) = answer.ok().and_then(|json| serde_json::from_str::<Lesson>(&json).ok()) {
                self.files.set(lesson.files);
                self.captions.set(lesson.captions);
            }
        });
    }
}

/// A file's name as an address in a text.
fn address(name: &str) -> String {
    name.replace('%', "%25").replace(' ', "%20").replace('(', "%28").replace(')', "%29")
}

/// A name, or that with the first number that makes it one of its own.
fn free_name(name: &str, taken: &[String]) -> String {
    let (stem, ending) =
        name.rsplit_once('.').map_or((name, String::new()), |(stem, ending)| (stem, format!(".{ending}")));
    let numbered = (2..).map(|n| format!("{stem}-{n}{ending}"));
    std::iter::once(name.to_owned()).chain(numbered).find(|name| !taken.contains(name)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_of_the_clipboard_takes_the_place_of_none() {
        let taken = ["image.png".to_owned(), "image-2.png".to_owned(), "notes".to_owned()];
        assert_eq!(free_name("image.png", &taken), "image-3.png");
        assert_eq!(free_name("notes", &taken), "notes-2");
        assert_eq!(free_name("new.png", &taken), "new.png");
    }
}
