//! What an include takes of a file: all of it, a range of lines, or what stands between two anchors.

/// The file of an include and the part of it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Excerpt<'a> {
    pub file: &'a str,
    part: Part<'a>,
}

#[derive(Debug, PartialEq, Eq)]
enum Part<'a> {
    /// Lines `from` to `to`, both counted from 1 and both taken; all of the file without either.
    Lines {
        from: usize,
        to: usize,
    },
    Anchor(&'a str),
}

impl<'a> Excerpt<'a> {
    /// Reads `FILE`, `FILE:5`, `FILE:2:10`, `FILE:2:`, `FILE::7` or `FILE:ANCHOR`. What is neither a number nor an anchor's
    /// name counts as not given, as in mdBook.
    pub fn parse(argument: &'a str) -> Self {
        let mut parts = argument.trim().split(':').map(str::trim);
        let file = parts.next().unwrap_or_default();
        let (first, second) = (parts.next(), parts.next());
        let number = |part: Option<&str>| part.and_then(|part| part.parse::<usize>().ok());
        let part = match (first, number(first), second) {
            (None | Some(""), _, None) => Part::Lines { from: 1, to: usize::MAX },
            (_, Some(line), None) => Part::Lines { from: line, to: line },
            (_, Some(from), second) => Part::Lines { from, to: number(second).unwrap_or(usize::MAX) },
            (Some(anchor), None, _) if !anchor.is_empty() => Part::Anchor(anchor),
            (_, None, second) => Part::Lines { from: 1, to: number(second).unwrap_or(usize::MAX) },
        };
        Self { file, part }
    }

    /// The lines asked for, joined without a line break at the end. Lines that hold an anchor are left out: they are
    /// marks for the one who includes, not text for the one who reads.
    ///
    /// # Errors
    /// An anchor or a first line that the file does not have, as the end of a sentence.
    pub fn of(&self, text: &str) -> Result<String, String> {
        match self.part {
            Part::Lines { from, to } => {
                let lines =
                    text.lines().skip(from.saturating_sub(1)).take(to.saturating_add(1).saturating_sub(from.max(1)));
                if from > 1 && text.lines().count() < from {
                    return Err(format!("has no line {from}"));
                }
                Ok(joined(lines))
            }
            Part::Anchor(anchor) => {
                let mut inside = None;
                for line in text.lines() {
                    match Mark::on(line) {
                        Some(Mark::Start(name)) if name == anchor => _ = inside.get_or_insert_with(Vec::new),
                        Some(Mark::End(name)) if name == anchor && inside.is_some() => break,
                        _ => inside.iter_mut().for_each(|lines| lines.push(line)),
                    }
                }
                inside.map(|lines| joined(lines.into_iter())).ok_or_else(|| format!("has no anchor `{anchor}`"))
            }
        }
    }
}

fn joined<'a>(lines: impl Iterator<Item = &'a str>) -> String {
    lines.filter(|line| Mark::on(line).is_none()).collect::<Vec<_>>().join("\n")
}

/// A line's `ANCHOR: name` or `ANCHOR_END: name`, in whatever comment it stands.
enum Mark<'a> {
    Start(&'a str),
    End(&'a str),
}

impl<'a> Mark<'a> {
    fn on(line: &'a str) -> Option<Self> {
        let named = |after: &str| {
            let (_, rest) = line.split_once(after)?;
            let rest = rest.trim_start();
            let end = rest.find(|letter: char| !(letter.is_alphanumeric() || matches!(letter, '_' | '-')));
            Some(&rest[..end.unwrap_or(rest.len())]).filter(|name| !name.is_empty())
        };
        named("ANCHOR:").map(Self::Start).or_else(|| named("ANCHOR_END:").map(Self::End))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "1\n2\n// ANCHOR: a\n4\n// ANCHOR: b\n6\n// ANCHOR_END: b\n8\n// ANCHOR_END: a\n10\n";

    fn of(argument: &str) -> Result<String, String> {
        Excerpt::parse(argument).of(FILE)
    }

    #[test]
    fn a_range_of_lines_takes_both_its_ends() {
        assert_eq!(of("f:2:4").unwrap(), "2\n4");
        assert_eq!(of("f:4").unwrap(), "4");
        assert_eq!(of("f:8:").unwrap(), "8\n10");
        assert_eq!(of("f::2").unwrap(), "1\n2");
        assert_eq!(of("f:4:2").unwrap(), "");
        assert_eq!(of("f:0:2").unwrap(), "1\n2");
    }

    #[test]
    fn an_anchor_takes_what_stands_between_its_marks_and_no_mark() {
        assert_eq!(of("f:a").unwrap(), "4\n6\n8");
        assert_eq!(of("f:b ").unwrap(), "6");
        assert_eq!(of("f").unwrap(), "1\n2\n4\n6\n8\n10");
    }

    #[test]
    fn an_anchor_without_an_end_takes_the_rest() {
        assert_eq!(Excerpt::parse("f:x").of("a\n# ANCHOR: x\nb\nc\n").unwrap(), "b\nc");
    }

    #[test]
    fn what_the_file_does_not_have_is_an_error() {
        assert_eq!(of("f:nothing").unwrap_err(), "has no anchor `nothing`");
        assert_eq!(of("f:99").unwrap_err(), "has no line 99");
    }

    #[test]
    fn numbers_too_large_to_count_do_no_harm() {
        assert_eq!(of("f:0:18446744073709551615").unwrap(), of("f").unwrap());
        assert!(of("f:18446744073709551615").is_err());
        assert!(of("f:99999999999999999999999").is_err());
    }
}
