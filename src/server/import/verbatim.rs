//! One page of a folder that was exported: everything that exporting put in is taken away again, and nothing else.

use std::path::Path;

use super::address::percent_decoded;
use super::files::{ImportedFile, LessonFiles};
use super::folder::{Folder, Refusal, lexical};
use super::links::{self, Lead};
use super::manifest::LessonEntry;
use super::page::{MARKDOWN, PageReader, lead};
use super::text::PageText;
use super::{ImportError, MAX_PAGE_BYTES, Warning};
use crate::domain::captions;
use crate::domain::language::is_tag;

/// A page that was exported, as it was.
#[derive(Default)]
pub(super) struct Verbatim {
    pub markdown: Option<String>,
    pub page_missing: bool,
    /// Whether files or captions that the folder names could not be read.
    pub incomplete: bool,
    pub files: Vec<ImportedFile>,
    pub captions: Vec<(String, String)>,
}

/// Bytes of a page that was exported: the longest text, its heading, and addresses that are longer than they were.
const MAX_VERBATIM_BYTES: usize = MAX_PAGE_BYTES + (64 << 10);
/// Of captions: as many as can be uploaded.
const MAX_CAPTIONS_BYTES: usize = 4 << 20;

impl PageReader<'_> {
    /// Reads a page that was exported: takes its heading away, and leads its links to the lessons that are made now.
    ///
    /// # Errors
    /// A page that is there but not UTF-8 or too large.
    pub fn read_verbatim(
        &mut self,
        path: &str,
        known: Option<&LessonEntry>,
        summary: &Path,
        line: usize,
    ) -> Result<Verbatim, ImportError> {
        let joined = self.src.join(path);
        let file = lexical(&joined).unwrap_or(joined);
        let text = match self.folder.read_at_most(&file, MAX_VERBATIM_BYTES) {
            Ok(text) => text,
            Err(refusal @ (Refusal::NotUtf8(_) | Refusal::TooLarge)) => return Err(Folder::fatal(&file, refusal)),
            Err(refusal) => {
                let what = format!("the page `{path}` {refusal}: the lesson has no text");
                self.warnings.push(Warning::new(summary, line, what));
                return Ok(Verbatim { page_missing: true, ..Verbatim::default() });
            }
        };
        let text = match text.strip_prefix("# ").and_then(|rest| rest.split_once("\n\n")) {
            Some((heading, rest)) if !heading.contains('\n') => rest.to_owned(),
            _ => text,
        };
        let own = file.with_extension("");
        let mut incomplete = false;
        let mut files = LessonFiles::new(self.folder);
        for name in known.iter().flat_map(|known| &known.files) {
            if !files.take(&own, name) {
                incomplete = true;
                self.warnings.push(Warning::new(&file, 1, format!("the file `{name}` is not there: it is left out")));
            }
        }
        let folder = own.file_name().map(|name| format!("{}/", name.to_string_lossy())).unwrap_or_default();
        let mut page = PageText::new(text.replace('\0', ""));
        let mut lead = |address: &str, is_picture| {
            // As it was written before the folder was put in front of it.
            if let Some(name) = address.strip_prefix(&folder).filter(|name| files.has(&percent_decoded(name))) {
                return Lead::Whole(name.to_owned());
            }
            match lead(address, is_picture, &file, self.pages, &mut files) {
                Lead::Nowhere => Lead::Stays,
                lead => lead,
            }
        };
        links::rewrite(&mut page, &file, &mut lead, MARKDOWN, self.warnings);
        let text = page.into_string();
        let mut captions = Vec::new();
        for (language, name) in known.iter().flat_map(|known| &known.captions) {
            let file = own.join(name);
            let read = self.folder.read_at_most(&file, MAX_CAPTIONS_BYTES).map_err(|refusal| refusal.to_string());
            let cues = read.and_then(|text| captions::parse(&text).map_err(|broken| broken.to_string()));
            match cues {
                Ok(cues) if is_tag(language) => captions.push((language.clone(), captions::to_vtt(&cues))),
                Ok(_) => self.warnings.push(Warning::new(&file, 1, format!("`{language}` is no language's tag"))),
                Err(what) => {
                    incomplete = true;
                    self.warnings.push(Warning::new(&file, 1, format!("these captions are left out: {what}")));
                }
            }
        }
        let markdown = Some(text).filter(|text| !text.is_empty());
        Ok(Verbatim { markdown, page_missing: false, incomplete, files: files.into_list(), captions })
    }
}
