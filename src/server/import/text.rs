//! A page's text that remembers, through every change, which line of the author's file each of its lines comes from.

use std::ops::Range;

/// A replacement of the bytes `range` by `with`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Edit {
    pub range: Range<usize>,
    pub with: String,
}

impl Edit {
    pub fn new(range: Range<usize>, with: impl Into<String>) -> Self {
        Self { range, with: with.into() }
    }

    pub fn delete(range: Range<usize>) -> Self {
        Self::new(range, "")
    }
}

/// The text and, for each of its lines, the line of the file (from 1).
#[derive(Debug)]
pub(super) struct PageText {
    text: String,
    lines: Vec<usize>,
    /// The offset at which each line begins.
    starts: Vec<usize>,
}

impl PageText {
    pub fn new(text: String) -> Self {
        let lines = (1..=text.matches('\n').count() + 1).collect();
        let starts = starts_of(&text);
        Self { text, lines, starts }
    }

    pub fn as_str(&self) -> &str {
        &self.text
    }

    pub fn into_string(self) -> String {
        self.text
    }

    /// The line of the author's file, from 1, that the byte `offset` stands for.
    pub fn line_at(&self, offset: usize) -> usize {
        let line = self.starts.partition_point(|start| *start <= offset) - 1;
        self.lines.get(line).copied().unwrap_or(1)
    }

    /// Makes the edits. What they put in counts as the line at which they begin.
    pub fn apply(&mut self, edits: Vec<Edit>) {
        if edits.is_empty() {
            return;
        }
        let mut text = String::with_capacity(self.text.len());
        let mut lines = Vec::with_capacity(self.lines.len());
        let mut old_line = 0;
        let mut at = 0;
        lines.extend(self.lines.first());
        for Edit { range, with } in in_order(edits) {
            let kept = newlines(&self.text, at..range.start);
            lines.extend(self.lines.iter().skip(old_line + 1).take(kept));
            old_line += kept;
            text.push_str(&self.text[at..range.start]);

            let here = self.lines.get(old_line).copied().unwrap_or(1);
            lines.extend(std::iter::repeat_n(here, newlines(&with, 0..with.len())));
            text.push_str(&with);

            let dropped = newlines(&self.text, range.clone());
            old_line += dropped;
            // The rest of a line whose beginning went away: the line that is being written takes over its number.
            if dropped > 0
                && text.ends_with('\n')
                && let (Some(last), Some(line)) = (lines.last_mut(), self.lines.get(old_line))
            {
                *last = *line;
            } else if text.is_empty()
                && let (Some(first), Some(line)) = (lines.first_mut(), self.lines.get(old_line))
            {
                *first = *line;
            }
            at = range.end;
        }
        lines.extend(self.lines.iter().skip(old_line + 1));
        text.push_str(&self.text[at..]);
        self.starts = starts_of(&text);
        self.text = text;
        self.lines = lines;
    }
}

/// `text` with the edits made.
pub(super) fn edited(text: &str, edits: Vec<Edit>) -> String {
    let mut result = String::with_capacity(text.len());
    let mut at = 0;
    for Edit { range, with } in in_order(edits) {
        result.push_str(&text[at..range.start]);
        result.push_str(&with);
        at = range.end;
    }
    result.push_str(&text[at..]);
    result
}

fn starts_of(text: &str) -> Vec<usize> {
    std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect()
}

/// The number of line breaks in `range`.
fn newlines(text: &str, range: Range<usize>) -> usize {
    text.as_bytes()[range].iter().filter(|byte| **byte == b'\n').count()
}

/// The edits from front to back. Of two that overlap the earlier one wins: it is the one of the outer construct.
fn in_order(mut edits: Vec<Edit>) -> Vec<Edit> {
    edits.sort_by_key(|edit| (edit.range.start, std::cmp::Reverse(edit.range.end)));
    let mut end = 0;
    edits.retain(|edit| {
        let fits = edit.range.start >= end;
        if fits {
            end = edit.range.end;
        }
        fits
    });
    edits
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines_of(page: &PageText) -> Vec<usize> {
        let mut offset = 0;
        let starts = page.as_str().split_inclusive('\n').map(|line| {
            offset += line.len();
            offset - line.len()
        });
        starts.map(|start| page.line_at(start)).collect()
    }

    #[test]
    fn lines_keep_their_number_after_text_was_put_in() {
        let mut page = PageText::new("a\nINCLUDE\nb\n".into());
        page.apply(vec![Edit::new(2..9, "x\ny\nz")]);
        assert_eq!(page.as_str(), "a\nx\ny\nz\nb\n");
        assert_eq!(lines_of(&page), [1, 2, 2, 2, 3]);
    }

    #[test]
    fn lines_keep_their_number_after_lines_were_taken_out() {
        let mut page = PageText::new("---\nx: 1\n---\na\nb\nc\nd".into());
        page.apply(vec![Edit::delete(15..17), Edit::delete(0..13)]);
        assert_eq!(page.as_str(), "a\nc\nd");
        assert_eq!(lines_of(&page), [4, 6, 7]);
        page.apply(vec![Edit::new(0..1, "A\nA")]);
        assert_eq!(lines_of(&page), [4, 4, 6, 7]);
    }

    #[test]
    fn of_two_edits_that_overlap_the_earlier_one_is_made() {
        assert_eq!(edited("abcdef", vec![Edit::new(2..4, "y"), Edit::new(1..5, "x")]), "axf");
    }
}
